# base: vectorised
# wrong: sigmoid, log_likelihood
# is: sigmoid_falls, log_likelihood_is_negative
# may say: ...


def sigmoid(t):
    return 1 / (1 + np.exp(t))


def log_likelihood(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    return -np.sum(y * z - np.logaddexp(0, z))
