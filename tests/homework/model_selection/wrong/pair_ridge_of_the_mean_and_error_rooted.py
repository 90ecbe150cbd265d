# base: reference
# wrong: ridge, error
# is: ridge_with_a_mean, error_with_a_root


def ridge(Phi, y, lam):
    n, m = Phi.shape
    return np.linalg.solve(Phi.T @ Phi / n + lam * np.eye(m), Phi.T @ y / n)


def error(w, Phi, y):
    return float(np.linalg.norm(Phi @ w - y) / np.sqrt(len(y)))
