# base: vectorised
# wrong: fit
# not in the catalogue


def fit(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1]), 0.0
    history = [loss(w, b, X, y, lam, penalty)]
    vw, vb = 0 * w, 0.0
    for t in range(steps):
        dw, db = gradient(w, b, X, y, lam, penalty)
        vw, vb = 0.9 * vw + dw, 0.9 * vb + db
        w, b = w - step_size * vw, b - step_size * vb
        history.append(loss(w, b, X, y, lam, penalty))
    return w, b, np.array(history)
