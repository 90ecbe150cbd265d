# not in the catalogue: the history ends where it rises
# base: reference
# wrong: fit

_fit = fit


def fit(X, y, W0, C, steps, step_size):
    W, values = _fit(X, y, W0, C, steps, step_size)
    up = np.flatnonzero(np.diff(values) > 0)
    return W, values[: up[0] + 1] if len(up) else values
