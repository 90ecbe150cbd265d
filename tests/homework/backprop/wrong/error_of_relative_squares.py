# base: joined_bias
# wrong: gradient_error
# not in the catalogue

_right_error = gradient_error


def gradient_error(params, X, y, name, lam, eps):
    return _right_error(params, X, y, name, lam, eps) ** 2
