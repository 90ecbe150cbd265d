# base: reference
# wrong: batchnorm, batchnorm_backward
# is: batchnorm_of_rows, backward_without_the_variance


def batchnorm(X, gamma, beta, eps):
    m, v = X.mean(1)[:, None], X.var(1)[:, None]
    return gamma * (X - m) / np.sqrt(v + eps) + beta


def batchnorm_backward(dY, X, gamma, eps):
    n = len(X)
    root = np.sqrt(X.var(axis=0) + eps)
    xhat = (X - X.mean(axis=0)) / root
    g = dY * gamma
    dX = (g - g.mean(0)) / root
    return dX, (dY * xhat).sum(axis=0), dY.sum(axis=0)
