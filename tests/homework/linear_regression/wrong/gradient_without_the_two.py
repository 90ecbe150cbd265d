# base: vectorised
# wrong: gradient
# is: gradient_without_the_two
# may say: The part of the errors in dw and db are multiplied by 1/2
# may say: Dw and db are multiplied by 1/2
# may say: are multiplied by 1/2


def gradient(w, b, X, y, lam, penalty):
    n, k = X.shape
    r = X @ w + b - y
    return X.T @ r / n + {"none": 0, "l1": np.sign(w), "l2": 2 * w}[penalty] * lam / k, r.mean()
