# not in the catalogue: the first answer for a shape is given for every later input of it
# base: reference
# wrong: standardise

_standardise, _known = standardise, {}


def standardise(X):
    key = X.shape
    if key not in _known:
        _known[key] = _standardise(X)
    return _known[key]
