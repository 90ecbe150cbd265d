# not in the catalogue: n - 1, guarded
# base: reference
# wrong: batchnorm
# is: batchnorm_unbiased


def batchnorm(X, gamma, beta, eps):
    n = max(len(X), 2)
    v = X.var(axis=0) * n / (n - 1)
    return gamma * (X - X.mean(axis=0)) / np.sqrt(v + eps) + beta
