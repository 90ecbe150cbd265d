# base: vectorised
# wrong: log_likelihood, cross_entropy
# is: log_likelihood_is_a_mean, cross_entropy_in_bits


def log_likelihood(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    return np.mean(y * z - np.logaddexp(0, z))


def cross_entropy(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    return np.mean(np.logaddexp(0, z) - y * z) / np.log(2)
