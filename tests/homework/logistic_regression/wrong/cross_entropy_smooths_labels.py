# base: vectorised
# wrong: cross_entropy
# not in the catalogue


def cross_entropy(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    return np.mean(np.logaddexp(0, z) - (0.9 * y + 0.05) * z)
