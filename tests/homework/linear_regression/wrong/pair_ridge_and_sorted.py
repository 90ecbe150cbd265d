# base: vectorised
# wrong: solve, coefficient_path
# is: solve_as_ridge_does, path_in_order


def solve(X, y, lam):
    n, k = X.shape
    A = np.hstack([X, np.ones((n, 1))])
    D = np.eye(k + 1) * lam
    D[k, k] = 0
    theta = np.linalg.lstsq(A.T @ A + D, A.T @ y, rcond=None)[0]
    return theta[:k], theta[k]


def coefficient_path(X, y, lams):
    return np.array([solve(X, y, lam)[0] for lam in sorted(lams)])
