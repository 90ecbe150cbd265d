# base: reference
# wrong: batchnorm_backward, running_statistics
# is: backward_with_constants, running_unbiased


def batchnorm_backward(dY, X, gamma, eps):
    n = len(X)
    root = np.sqrt(X.var(axis=0) + eps)
    xhat = (X - X.mean(axis=0)) / root
    g = dY * gamma
    dX = g / root
    return dX, (dY * xhat).sum(axis=0), dY.sum(axis=0)


def running_statistics(batches, momentum):
    m, v = np.zeros(batches.shape[2]), np.ones(batches.shape[2])
    for x in batches:
        m = momentum * m + (1 - momentum) * x.mean(0)
        v = momentum * v + (1 - momentum) * x.var(0, ddof=1)
    return m, v
