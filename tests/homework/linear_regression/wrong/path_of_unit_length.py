# base: vectorised
# wrong: coefficient_path
# not in the catalogue


def coefficient_path(X, y, lams):
    W = np.array([solve(X, y, lam)[0] for lam in lams])
    return W / np.abs(W).max()
