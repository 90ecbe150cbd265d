# base: vectorised
# wrong: coefficient_path
# not in the catalogue


def coefficient_path(X, y, lams):
    return np.array([solve(X, y, lam)[0] for lam in dict.fromkeys(lams)])
