# base: reference
# wrong: batchnorm
# is: batchnorm_of_rows


def batchnorm(X, gamma, beta, eps):
    m, v = X.mean(1)[:, None], X.var(1)[:, None]
    return gamma * (X - m) / np.sqrt(v + eps) + beta
