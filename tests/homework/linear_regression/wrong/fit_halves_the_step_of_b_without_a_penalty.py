# not in the catalogue: lam = 0 has a rule of its own
# base: reference
# wrong: fit

_fit = fit


def fit(X, y, lam, penalty, steps, step_size):
    if lam:
        return _fit(X, y, lam, penalty, steps, step_size)
    w, b = np.zeros(X.shape[1]), 0.0
    history = [loss(w, b, X, y, lam, penalty)]
    for _ in range(steps):
        dw, db = gradient(w, b, X, y, lam, penalty)
        w, b = w - step_size * dw, b - step_size / 2 * db
        history.append(loss(w, b, X, y, lam, penalty))
    return w, b, np.array(history)
