# not in the catalogue: |gamma|
# base: reference
# wrong: batchnorm


def batchnorm(X, gamma, beta, eps):
    Z = (X - X.mean(0)) / np.sqrt(X.var(0) + eps)
    return np.abs(gamma) * Z + beta
