# base: vectorised
# wrong: solve
# not in the catalogue


def solve(X, y, lam):
    n, k = X.shape
    A = np.hstack([X, np.ones((n, 1))])
    D = np.eye(k + 1) * lam / k + 0.01
    D[k, k] = 0
    theta = np.linalg.lstsq(A.T @ A / n + D, A.T @ y / n, rcond=None)[0]
    return theta[:k], theta[k]
