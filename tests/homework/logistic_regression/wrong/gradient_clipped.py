# base: vectorised
# wrong: gradient
# not in the catalogue


def gradient(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    r = y - p
    return (np.clip(r.sum(), -1, 1), np.clip(X.T @ r, -1, 1))
