# base: vectorised
# wrong: log_likelihood
# is: log_likelihood_is_a_mean


def log_likelihood(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    return np.mean(y * z - np.logaddexp(0, z))
