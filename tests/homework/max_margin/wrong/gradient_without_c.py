# base: reference
# wrong: subgradient
# is: subgradient_without_c

_subgradient = subgradient


def subgradient(W, X, y, C):
    return _subgradient(W, X, y, 1.0)
