# base: reference
# wrong: fit
# not in the catalogue
_step_by_step = fit


def fit(X, y, k, steps, step_size):
    for taken in range(steps):
        W, b, history = _step_by_step(X, y, k, taken, step_size)
        dW, db = gradient(W, b, X, y)
        if (dW**2).sum() + (db**2).sum() < 1e-8**2:
            return W, b, np.append(history, np.full(steps - taken, history[-1]))
    return _step_by_step(X, y, k, steps, step_size)
