# base: reference
# wrong: batchnorm
# is: batchnorm_of_everything


def batchnorm(X, gamma, beta, eps):
    return gamma * (X - X.mean()) / np.sqrt(X.var() + eps) + beta
