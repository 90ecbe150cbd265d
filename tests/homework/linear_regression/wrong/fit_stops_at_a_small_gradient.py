# base: vectorised
# wrong: fit
# may say: ...
# not in the catalogue


def fit(X, y, lam, penalty, steps, step_size):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps + 1):
        history.append(loss(w, b, X, y, lam, penalty))
        dw, db = gradient(w, b, X, y, lam, penalty)
        if len(history) <= steps and np.sqrt(np.sum(np.square(dw)) + db**2) > 1e-6:
            w, b = w - step_size * dw, b - step_size * db
    return w, b, np.array(history)
