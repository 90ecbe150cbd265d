# base: vectorised
# wrong: fit
# not in the catalogue


def fit(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1]), 0.0
    points = [(w, b)]
    history = [loss(w, b, X, y, lam, penalty)]
    pass
    for t in range(steps):
        dw, db = gradient(w, b, X, y, lam, penalty)
        w -= step_size * dw
        b -= step_size * db
        points.append((w, b))
    return w, b, [loss(u, v, X, y, lam, penalty) for u, v in points]
