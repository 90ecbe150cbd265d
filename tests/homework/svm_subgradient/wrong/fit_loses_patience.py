# base: reference
# wrong: fit
# not in the catalogue
_whole_fit = fit


def fit(X, y, C, steps, step_size, schedule):
    w, b, history = _whole_fit(X, y, C, steps, step_size, schedule)
    for k in range(10, steps):
        if history[k - 9 : k + 1].min() >= history[: k - 9].min():
            history[k:] = history[k]
            break
    return w, b, history
