# base: reference
# wrong: ridge
# is: ridge_with_a_mean


def ridge(Phi, y, lam):
    n, m = Phi.shape
    return np.linalg.solve(Phi.T @ Phi / n + lam * np.eye(m), Phi.T @ y / n)
