# base: reference
# wrong: batchnorm
# is: batchnorm_eps_outside


def batchnorm(X, gamma, beta, eps):
    return gamma * (X - X.mean(0)) / (X.std(0) + eps) + beta
