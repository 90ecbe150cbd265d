# base: reference
# wrong: dropout_inference, batchnorm_backward
# is: dropout_inference_by_p, backward_with_mean_parameters


def dropout_inference(A, p):
    return A * p


def batchnorm_backward(dY, X, gamma, eps):
    n = len(X)
    root = np.sqrt(X.var(axis=0) + eps)
    xhat = (X - X.mean(axis=0)) / root
    g = dY * gamma
    dX = (g - g.mean(0) - xhat * (g * xhat).mean(0)) / root
    return dX, (dY * xhat).mean(0), dY.mean(0)
