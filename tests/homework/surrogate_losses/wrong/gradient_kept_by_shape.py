# not in the catalogue: the first answer for a shape is given for every later input of it
# base: reference
# wrong: risk_gradient

_risk_gradient, _known = risk_gradient, {}


def risk_gradient(name, w, b, X, y):
    key = name, X.shape
    if key not in _known:
        _known[key] = _risk_gradient(name, w, b, X, y)
    return _known[key]
