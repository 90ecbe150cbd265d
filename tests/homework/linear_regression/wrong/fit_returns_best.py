# base: vectorised
# wrong: fit
# is: fit_returns_the_best


def fit(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1]), 0.0
    history = [loss(w, b, X, y, lam, penalty)]
    kept = [(w, b)]
    for t in range(steps):
        dw, db = gradient(w, b, X, y, lam, penalty)
        w, b = w - step_size * dw, b - step_size * db
        kept.append((w, b))
        history.append(loss(w, b, X, y, lam, penalty))
    i = int(np.argmin(history))
    return kept[i][0], kept[i][1], np.array(history)
