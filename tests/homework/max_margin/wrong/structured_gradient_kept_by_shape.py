# not in the catalogue: the first answer for a shape is given for every later input of it
# base: reference
# wrong: structured_subgradient

_structured_subgradient, _known = structured_subgradient, {}


def structured_subgradient(w, X, Y, lam):
    key = X.shape, Y.shape
    if key not in _known:
        _known[key] = _structured_subgradient(w, X, Y, lam)
    return _known[key]
