# base: reference
# wrong: fit
# is: fit_stops_when_still

_right_fit = fit


def fit(X, y, C, steps, step_size, schedule):
    w, b, history = _right_fit(X, y, C, steps, step_size, schedule)
    still = np.abs(np.diff(history)) < 1e-6
    return w, b, history[: still.argmax() + 2] if still.any() else history
