# not in the catalogue: the objective is right, its history divided by n
# base: reference
# wrong: fit

_right_fit = fit


def fit(X, y, C, steps, step_size, schedule):
    w, b, history = _right_fit(X, y, C, steps, step_size, schedule)
    return w, b, history / len(y)
