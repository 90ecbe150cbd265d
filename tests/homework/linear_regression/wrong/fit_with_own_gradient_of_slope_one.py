# base: vectorised
# fails: fit_takes_one_step[l1], fit_follows_gradient_descent[l1], fit_records_every_loss[l1]
# is: fit_with_slope_1_at_0


def gradient(w, b, X, y, lam, penalty):
    n, k = X.shape
    r = X @ w + b - y
    dw, db = 2 / n * X.T @ r, 2 * r.mean()
    if penalty == "l1":
        dw = dw + lam / k * np.where(w >= 0, 1.0, -1.0)
    elif penalty == "l2":
        dw = dw + 2 * lam / k * w
    return dw, db
