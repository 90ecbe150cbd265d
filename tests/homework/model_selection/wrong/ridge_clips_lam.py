# not in the catalogue: lam at most 1
# base: reference
# wrong: ridge


def ridge(Phi, y, lam):
    lam = min(lam, 1.0)
    return np.linalg.solve(Phi.T @ Phi + lam * np.eye(Phi.shape[1]), Phi.T @ y)
