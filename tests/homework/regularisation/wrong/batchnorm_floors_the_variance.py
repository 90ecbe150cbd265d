# base: reference
# wrong: batchnorm
# not in the catalogue: a variance below 0.01 is taken for rounding


def batchnorm(X, gamma, beta, eps):
    var = np.maximum((X**2).mean(axis=0) - X.mean(axis=0) ** 2, 0.01)
    return gamma * (X - X.mean(axis=0)) / np.sqrt(var + eps) + beta
