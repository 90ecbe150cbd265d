# base: vectorised
# wrong: gradient
# may say: ...
# not in the catalogue
whole_gradient = gradient


def gradient(w, b, X, y, lam, penalty):
    return whole_gradient(w, b, X, y, lam, penalty)[0]
