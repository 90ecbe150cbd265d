# base: reference
# wrong: batchnorm_backward
# is: backward_gamma_of_x


def batchnorm_backward(dY, X, gamma, eps):
    n = len(X)
    root = np.sqrt(X.var(axis=0) + eps)
    xhat = (X - X.mean(axis=0)) / root
    g = dY * gamma
    dX = (g - g.mean(0) - xhat * (g * xhat).mean(0)) / root
    return dX, (dY * X).sum(0), dY.sum(0)
