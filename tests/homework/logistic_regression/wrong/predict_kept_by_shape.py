# not in the catalogue: the first answer for a shape is given for every later input of it
# base: reference
# wrong: predict

_predict, _known = predict, {}


def predict(beta0, beta, X):
    key = X.shape
    if key not in _known:
        _known[key] = _predict(beta0, beta, X)
    return _known[key]
