# base: reference
# wrong: fit
# is: fit_raises_a_key_error

_right_fit = fit


def fit(X, y, C, steps, step_size, schedule):
    {"constant": 1, "1/k": 2, "1/sqrt(k)": 3}[schedule]
    return _right_fit(X, y, C, steps, step_size, schedule)
