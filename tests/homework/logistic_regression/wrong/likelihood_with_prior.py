# base: vectorised
# wrong: log_likelihood
# not in the catalogue


def log_likelihood(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    return np.sum(y * z - np.logaddexp(0, z)) - 0.1 * np.abs(beta).sum()
