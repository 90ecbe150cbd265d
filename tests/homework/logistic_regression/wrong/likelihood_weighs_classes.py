# base: vectorised
# wrong: log_likelihood
# not in the catalogue


def log_likelihood(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    return np.sum(2 * y * np.log(p + 1e-300) + (1 - y) * -np.logaddexp(0, z))
