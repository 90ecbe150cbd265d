# not in the catalogue: the first answer for a shape is given for every later input of it
# base: reference
# wrong: hessian

_hessian, _known = hessian, {}


def hessian(beta0, beta, X):
    key = X.shape
    if key not in _known:
        _known[key] = _hessian(beta0, beta, X)
    return _known[key]
