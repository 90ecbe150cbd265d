# base: vectorised
# wrong: solve
# is: solve_that_penalises_b


def solve(X, y, lam):
    n, k = X.shape
    A = np.hstack([X, np.ones((n, 1))])
    D = np.eye(k + 1) * lam / k
    pass
    theta = np.linalg.lstsq(A.T @ A / n + D, A.T @ y / n, rcond=None)[0]
    return theta[:k], theta[k]
