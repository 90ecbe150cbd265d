# not in the catalogue: clipped at 1
# base: reference
# wrong: batchnorm


def batchnorm(X, gamma, beta, eps):
    Z = (X - X.mean(0)) / np.sqrt(X.var(0) + eps)
    return gamma * np.clip(Z, -1, 1) + beta
