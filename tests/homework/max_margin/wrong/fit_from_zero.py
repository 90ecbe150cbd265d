# base: reference
# wrong: fit
# is: fit_from_zeros

_fit = fit


def fit(X, y, W0, C, steps, step_size):
    return _fit(X, y, 0 * W0, C, steps, step_size)
