# base: vectorised
# wrong: solve
# is: solve_of_the_sum


def solve(X, y, lam):
    n, k = X.shape
    A = np.hstack([X, np.ones((n, 1))])
    D = np.eye(k + 1) * lam / k
    D[k, k] = 0
    theta = np.linalg.lstsq(A.T @ A + D, A.T @ y, rcond=None)[0]
    return theta[:k], theta[k]
