# base: vectorised
# wrong: cross_entropy
# is: cross_entropy_is_a_sum


def cross_entropy(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    return np.sum(np.logaddexp(0, z) - y * z)
