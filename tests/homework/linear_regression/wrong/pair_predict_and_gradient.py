# base: vectorised
# wrong: predict, gradient
# may say: ...


def predict(w, b, X):
    return X @ w - b



def gradient(w, b, X, y, lam, penalty):
    n, k = X.shape
    r = X @ w + b - y
    dw, db = 2 / n * X.T @ r, 2 * r.mean()
    if penalty == "l1":
        dw = dw + lam / k * np.sign(w)
    elif penalty == "l2":
        dw = dw + lam / k * w
    return dw, db
