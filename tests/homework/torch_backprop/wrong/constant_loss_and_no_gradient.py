# base: sequential
# wrong: loss, gradients, train
# may say: ...
# not in the catalogue

def loss(model, X, y, lam):
    return 0 * sum(p.sum() for p in model.parameters()) + 1.5


def train(model, X, y, lam, step_size, epochs, batch_size):
    return [1.5] * (epochs + 1)
