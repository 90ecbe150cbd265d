# base: vectorised
# fails: gradient_where_a_weight_is_zero, gradient_at_zero_weights
# not in the catalogue


def gradient(w, b, X, y, lam, penalty):
    n, k = X.shape
    r = X @ w + b - y
    dw, db = 2 / n * X.T @ r, 2 * r.mean()
    if penalty == "l1":
        dw = dw + lam / k * np.where(w == 0, 2.0, np.sign(w))
    elif penalty == "l2":
        dw = dw + 2 * lam / k * w
    return dw, db
