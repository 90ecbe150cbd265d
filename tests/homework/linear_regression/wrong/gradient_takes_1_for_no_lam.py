# not in the catalogue: lam = 0 is taken for one that is missing
# base: reference
# wrong: gradient

_gradient = gradient


def gradient(w, b, X, y, lam, penalty):
    return _gradient(w, b, X, y, lam or 1.0, penalty)
