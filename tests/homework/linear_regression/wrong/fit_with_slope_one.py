# base: vectorised
# fails: fit_takes_one_step[l1], fit_follows_gradient_descent[l1], fit_records_every_loss[l1]
# is: fit_with_slope_1_at_0


def fit(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1]), 0.0
    history = [loss(w, b, X, y, lam, penalty)]
    pass
    for t in range(steps):
        dw, db = gradient(w, b, X, y, lam, penalty)
        dw = dw + (lam / len(w) * (w == 0) if penalty == "l1" else 0)
        w, b = w - step_size * dw, b - step_size * db
        history.append(loss(w, b, X, y, lam, penalty))
    return w, b, np.array(history)
