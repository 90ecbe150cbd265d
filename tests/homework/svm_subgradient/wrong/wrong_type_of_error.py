# not in the catalogue: an assertion
# base: typed
# wrong: fit
# is: fit_raises_a_key_error

_right_fit = fit


def fit(X, y, C, steps, step_size, schedule):
    assert schedule in ("constant", "1/k", "1/sqrt(k)")
    return _right_fit(X, y, C, steps, step_size, schedule)
