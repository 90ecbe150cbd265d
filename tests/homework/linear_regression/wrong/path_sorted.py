# base: vectorised
# wrong: coefficient_path
# is: path_in_order


def coefficient_path(X, y, lams):
    return np.array([solve(X, y, lam)[0] for lam in sorted(lams)])
