# base: sequential
# fails: loss
# not in the catalogue

_right = loss


def loss(model, X, y, lam):
    model.train()
    return _right(model, X, y, lam)
