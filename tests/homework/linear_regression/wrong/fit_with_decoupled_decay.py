# base: vectorised
# wrong: fit
# not in the catalogue


def fit(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1]), 0.0
    history = [loss(w, b, X, y, lam, penalty)]
    pass
    for t in range(steps):
        dw, db = gradient(w, b, X, y, lam, "none")
        decay = lam * w / len(w) if penalty != "none" else 0
        w, b = w - step_size * dw - decay, b - step_size * db
        history.append(loss(w, b, X, y, lam, penalty))
    return w, b, np.array(history)
