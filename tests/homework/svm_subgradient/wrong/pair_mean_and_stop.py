# base: reference
# wrong: fit, subgradient
# is: subgradient_with_a_mean, fit_descends_the_mean

_right_fit = fit


def subgradient(w, b, X, y, C):
    s = y * (y * (X @ w + b) < 1)
    return w - C / len(y) * s @ X, -C * s.mean()


def fit(X, y, C, steps, step_size, schedule):
    w, b, history = _right_fit(X, y, C, steps, step_size, schedule)
    return w, b, history[: int(np.argmin(history)) + 1]
