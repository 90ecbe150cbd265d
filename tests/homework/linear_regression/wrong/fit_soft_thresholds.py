# base: vectorised
# fails: fit_takes_one_step[l1], fit_follows_gradient_descent[l1], fit_records_every_loss[l1]
# is: fit_with_soft_thresholds


def fit(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1]), 0.0
    history = [loss(w, b, X, y, lam, penalty)]
    for _ in range(steps):
        dw, db = gradient(w, b, X, y, lam, "none" if penalty == "l1" else penalty)
        w, b = w - step_size * dw, b - step_size * db
        if penalty == "l1":
            w = np.sign(w) * np.maximum(abs(w) - step_size * lam / len(w), 0)
        history.append(loss(w, b, X, y, lam, penalty))
    return w, b, history
