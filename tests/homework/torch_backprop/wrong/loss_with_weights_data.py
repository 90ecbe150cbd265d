# base: own_parameters
# wrong: loss
# is: loss_of_detached_weights

def loss(model, X, y, lam):
    return SoftmaxCrossEntropy.apply(model(X), y) + lam * sum(p.data.square().sum() for p in model.parameters() if p.ndim > 1)
