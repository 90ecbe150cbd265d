# not in the catalogue: lam times n - 1
# base: reference
# wrong: ridge


def ridge(Phi, y, lam):
    n, m = Phi.shape
    return np.linalg.solve(Phi.T @ Phi + lam * (n - 1) * np.eye(m), Phi.T @ y)
