# not in the catalogue: the variance counts twice
# base: reference
# wrong: batchnorm_backward


def batchnorm_backward(dY, X, gamma, eps):
    n = len(X)
    root = np.sqrt(X.var(axis=0) + eps)
    xhat = (X - X.mean(axis=0)) / root
    g = dY * gamma
    dX = (g - g.mean(0) - 2 * xhat * (g * xhat).mean(0)) / root
    return dX, (dY * xhat).sum(axis=0), dY.sum(axis=0)
