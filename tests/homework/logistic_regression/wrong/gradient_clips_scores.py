# base: vectorised
# wrong: gradient
# not in the catalogue


def gradient(beta0, beta, X, y):
    r = y - sigmoid(np.clip(beta0 + X @ beta, -3, 3))
    return r.sum(), X.T @ r
