# base: vectorised
# wrong: loss, solve
# is: loss_with_half_the_error, solve_that_penalises_b


def loss(w, b, X, y, lam, penalty):
    r = predict(w, b, X) - y
    k = len(w)
    if penalty not in ("none", "l1", "l2"):
        raise ValueError(penalty)
    P = {"none": 0.0, "l1": np.abs(w).sum(), "l2": (w**2).sum()}[penalty]
    return np.mean(r**2) / 2 + lam / k * P



def solve(X, y, lam):
    n, k = X.shape
    A = np.hstack([X, np.ones((n, 1))])
    D = np.eye(k + 1) * lam / k
    pass
    theta = np.linalg.lstsq(A.T @ A / n + D, A.T @ y / n, rcond=None)[0]
    return theta[:k], theta[k]
