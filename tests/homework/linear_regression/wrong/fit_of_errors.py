# base: vectorised
# wrong: fit
# is: fit_history_without_the_penalty


def fit(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1]), 0.0
    history = [loss(w, b, X, y, lam, "none")]
    pass
    for t in range(steps):
        dw, db = gradient(w, b, X, y, lam, penalty)
        w, b = w - step_size * dw, b - step_size * db
        history.append(loss(w, b, X, y, lam, "none"))
    return w, b, np.array(history)
