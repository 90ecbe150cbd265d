# not in the catalogue: the first answer for a shape is given for every later input of it
# base: reference
# wrong: subgradient

_subgradient, _known = subgradient, {}


def subgradient(W, X, y, C):
    key = X.shape, W.shape
    if key not in _known:
        _known[key] = _subgradient(W, X, y, C)
    return _known[key]
