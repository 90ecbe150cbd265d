# base: reference
# wrong: subgradient, fit
# is: subgradient_with_twice_w, fit_without_the_first_value
# may say: multiplied by
# may say: has the wrong sign
# may say: have the wrong sign

_subgradient = subgradient
_fit = fit


def subgradient(W, X, y, C):
    return _subgradient(W, X, y, C) + W


def fit(X, y, W0, C, steps, step_size):
    W, values = _fit(X, y, W0, C, steps, step_size)
    return W, values[1:]
