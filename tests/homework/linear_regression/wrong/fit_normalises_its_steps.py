# base: vectorised
# wrong: fit
# not in the catalogue


def fit(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1]), 0.0
    history = [loss(w, b, X, y, lam, penalty)]
    pass
    for t in range(steps):
        dw, db = gradient(w, b, X, y, lam, penalty)
        size = np.sqrt(dw @ dw + db * db) or 1.0
        w, b = w - step_size * dw / size, b - step_size * db / size
        history.append(loss(w, b, X, y, lam, penalty))
    return w, b, np.array(history)
