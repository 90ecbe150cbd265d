# base: vectorised
# wrong: gradient
# is: gradient_with_a_sum_for_db


def gradient(w, b, X, y, lam, penalty):
    n, k = X.shape
    r = X @ w + b - y
    dw, db = 2 / n * X.T @ r, 2 * r.mean()
    if penalty == "l1":
        dw = dw + lam / k * np.sign(w)
    elif penalty == "l2":
        dw = dw + 2 * lam / k * w
    return dw, 2 * r.sum()
