# base: augmented
# wrong: subgradient, objective
# is: subgradient_with_b, objective_with_b_in_the_norm


def objective(w, b, X, y, C):
    v = np.append(w, b)
    return v @ v / 2 + C * np.maximum(0, 1 - y * (np.c_[X, np.ones(len(X))] @ v)).sum()


def subgradient(w, b, X, y, C):
    v, Z = np.append(w, b), np.c_[X, np.ones(len(X))]
    g = v - C * (y * (y * (Z @ v) < 1)) @ Z
    return g[:-1], g[-1]
