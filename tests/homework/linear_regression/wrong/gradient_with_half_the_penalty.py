# base: vectorised
# wrong: gradient
# is: gradient_with_half_the_penalty


def gradient(w, b, X, y, lam, penalty):
    n, k = X.shape
    r = X @ w + b - y
    dw, db = 2 / n * X.T @ r, 2 * r.mean()
    if penalty == "l1":
        dw = dw + lam / k * np.sign(w)
    elif penalty == "l2":
        dw = dw + lam / k * w
    return dw, db
