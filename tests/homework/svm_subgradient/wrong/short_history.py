# base: reference
# wrong: fit
# is: fit_history_without_the_start

_right_fit = fit


def fit(X, y, C, steps, step_size, schedule):
    w, b, history = _right_fit(X, y, C, steps, step_size, schedule)
    return w, b, history[1:]
