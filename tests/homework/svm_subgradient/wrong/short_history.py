# base: reference
# fails: fit
# is: fit_history_without_the_start


def fit(X, y, C, steps, step_size, schedule):
    w, b, history = _right_fit(X, y, C, steps, step_size, schedule)
    return w, b, history[1:]
