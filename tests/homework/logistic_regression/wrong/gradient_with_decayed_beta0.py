# base: vectorised
# wrong: gradient
# not in the catalogue


def gradient(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    r = y - p
    return (r.sum() - beta0, X.T @ r - beta)
