# not in the catalogue: the first answer for a shape is given for every later input of it
# base: reference
# wrong: empirical_risk

_empirical_risk, _known = empirical_risk, {}


def empirical_risk(name, w, b, X, y):
    key = name, X.shape
    if key not in _known:
        _known[key] = _empirical_risk(name, w, b, X, y)
    return _known[key]
