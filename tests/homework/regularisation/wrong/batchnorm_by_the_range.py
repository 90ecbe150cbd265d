# not in the catalogue: the range
# base: reference
# wrong: batchnorm


def batchnorm(X, gamma, beta, eps):
    return gamma * (X - X.mean(0)) / (np.ptp(X, axis=0) + eps) + beta
