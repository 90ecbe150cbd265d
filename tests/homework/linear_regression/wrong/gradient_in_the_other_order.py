# base: vectorised
# wrong: gradient
# may say: Your gradient returns db first: it is (dw, db).
_in_order = gradient


def gradient(w, b, X, y, lam, penalty):
    dw, db = _in_order(w, b, X, y, lam, penalty)
    return db, dw


def fit(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1]), 0.0
    history = [loss(w, b, X, y, lam, penalty)]
    for _ in range(steps):
        dw, db = gradient(w, b, X, y, lam, penalty)
        w, b = w - step_size * dw, b - step_size * db
        history.append(loss(w, b, X, y, lam, penalty))
    return w, b, np.array(history)
