# base: vectorised
# wrong: gradient
# not in the catalogue


def gradient(w, b, X, y, lam, penalty):
    n, k = X.shape
    r = X @ w + b - y
    dw, db = 2 / n * X.T @ r, 2 * r.mean()
    if penalty == "l1":
        dw = dw + lam / k * np.sign(w)
    elif penalty == "l2":
        dw = dw + 2 * lam / k * w
    return np.clip(dw, -1, 1), np.clip(db, -1, 1)
