# not in the catalogue: the first answer for a shape is given for every later input of it
# base: reference
# wrong: coefficient_path

_coefficient_path, _known = coefficient_path, {}


def coefficient_path(X, y, lams):
    key = X.shape, len(lams)
    if key not in _known:
        _known[key] = _coefficient_path(X, y, lams)
    return _known[key]
