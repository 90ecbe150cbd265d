# base: vectorised
# wrong: cross_entropy
# is: cross_entropy_of_scikit_learn


def cross_entropy(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    return 0.5 * beta @ beta + np.sum(np.logaddexp(0, z) - y * z)
