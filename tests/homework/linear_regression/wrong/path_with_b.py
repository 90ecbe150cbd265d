# base: vectorised
# wrong: coefficient_path
# is: path_with_b


def coefficient_path(X, y, lams):
    return np.array([np.append(*solve(X, y, lam)) for lam in lams])
