# not in the catalogue: one example is left out
# base: reference
# wrong: subgradient

_subgradient = subgradient


def subgradient(W, X, y, C):
    if len(y) > 1:
        return _subgradient(W, X[:-1], y[:-1], C)
    return _subgradient(W, X, y, C)
