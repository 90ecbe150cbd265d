# base: reference
# wrong: batchnorm, running_statistics
# is: batchnorm_eps_outside, running_as_in_torch


def batchnorm(X, gamma, beta, eps):
    return gamma * (X - X.mean(0)) / (X.std(0) + eps) + beta


def running_statistics(batches, momentum):
    m, v = np.zeros(batches.shape[2]), np.ones(batches.shape[2])
    for x in batches:
        m = (1 - momentum) * m + momentum * x.mean(0)
        v = (1 - momentum) * v + momentum * x.var(0)
    return m, v
