# base: reference
# wrong: batchnorm_backward
# is: backward_with_mean_parameters


def batchnorm_backward(dY, X, gamma, eps):
    n = len(X)
    root = np.sqrt(X.var(axis=0) + eps)
    xhat = (X - X.mean(axis=0)) / root
    g = dY * gamma
    dX = (g - g.mean(0) - xhat * (g * xhat).mean(0)) / root
    return dX, (dY * xhat).mean(0), dY.mean(0)
