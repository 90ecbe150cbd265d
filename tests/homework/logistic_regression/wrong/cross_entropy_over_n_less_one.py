# base: vectorised
# wrong: cross_entropy
# not in the catalogue


def cross_entropy(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    return np.sum(np.logaddexp(0, z) - y * z) / max(len(y) - 1, 1)
