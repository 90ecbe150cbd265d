# not in the catalogue: lam = 0 is taken for one that is missing
# base: reference
# wrong: loss

_loss = loss


def loss(w, b, X, y, lam, penalty):
    return _loss(w, b, X, y, lam or 1.0, penalty)
