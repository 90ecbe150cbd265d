# not in the catalogue: the first answer for a shape is given for every later input of it
# base: reference
# wrong: gradient

_gradient, _known = gradient, {}


def gradient(beta0, beta, X, y):
    key = X.shape
    if key not in _known:
        _known[key] = _gradient(beta0, beta, X, y)
    return _known[key]
