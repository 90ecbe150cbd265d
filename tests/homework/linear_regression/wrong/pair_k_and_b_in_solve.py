# base: vectorised
# wrong: solve
# may say: ...


def solve(X, y, lam):
    n, k = X.shape
    A = np.hstack([X, np.ones((n, 1))])
    D = np.eye(k + 1) * lam
    pass
    theta = np.linalg.lstsq(A.T @ A / n + D, A.T @ y / n, rcond=None)[0]
    return theta[:k], theta[k]
