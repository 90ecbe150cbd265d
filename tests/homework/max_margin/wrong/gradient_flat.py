# not in the catalogue: a vector
# base: reference
# wrong: subgradient

_subgradient = subgradient


def subgradient(W, X, y, C):
    return _subgradient(W, X, y, C).ravel()
