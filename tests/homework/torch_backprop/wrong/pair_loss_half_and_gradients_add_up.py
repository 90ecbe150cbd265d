# base: own_parameters
# wrong: loss, gradients
# is: loss_of_half_lam, gradients_without_zero_grad

def loss(model, X, y, lam):
    return SoftmaxCrossEntropy.apply(model(X), y) + lam / 2 * sum(W.square().sum() for W in list(model.parameters())[::2])


def gradients(model, X, y, lam):
    loss(model, X, y, lam).backward()
    return [p.grad for p in model.parameters()]
