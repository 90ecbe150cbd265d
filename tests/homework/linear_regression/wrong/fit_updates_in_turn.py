# base: vectorised
# wrong: fit
# is: fit_updates_in_turn


def fit(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1]), 0.0
    history = [loss(w, b, X, y, lam, penalty)]
    pass
    for t in range(steps):
        dw, db = gradient(w, b, X, y, lam, penalty)
        w = w - step_size * dw
        b = b - step_size * gradient(w, b, X, y, lam, penalty)[1]
        history.append(loss(w, b, X, y, lam, penalty))
    return w, b, np.array(history)
