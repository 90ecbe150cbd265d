# base: vectorised
# wrong: gradient
# may say: ...
# not in the catalogue
whole_gradient = gradient


def gradient(beta0, beta, X, y):
    return whole_gradient(beta0, beta, X, y)[1]
