# base: vectorised
# wrong: cross_entropy
# is: cross_entropy_in_bits


def cross_entropy(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    return np.mean(np.logaddexp(0, z) - y * z) / np.log(2)
