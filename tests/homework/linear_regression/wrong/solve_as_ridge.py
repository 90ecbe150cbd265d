# base: vectorised
# wrong: solve
# is: solve_as_ridge_does


def solve(X, y, lam):
    n, k = X.shape
    A = np.hstack([X, np.ones((n, 1))])
    D = np.eye(k + 1) * lam
    D[k, k] = 0
    theta = np.linalg.lstsq(A.T @ A + D, A.T @ y, rcond=None)[0]
    return theta[:k], theta[k]
