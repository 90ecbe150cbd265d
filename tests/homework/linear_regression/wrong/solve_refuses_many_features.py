# base: vectorised
# fails: solve_where_only_the_penalty_decides
# not in the catalogue


def solve(X, y, lam):
    n, k = X.shape
    if k >= n or np.linalg.matrix_rank(X - X.mean(0)) < k:
        raise np.linalg.LinAlgError("Singular matrix")
    Xc = X - X.mean(0)
    w = np.linalg.solve(Xc.T @ Xc / n + lam / k * np.eye(k), Xc.T @ y / n)
    return w, y.mean() - X.mean(0) @ w
