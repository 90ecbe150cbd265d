# base: reference
# wrong: decay_step, batchnorm
# is: decay_step_with_b, batchnorm_unbiased


def decay_step(w, b, X, y, step_size, lam):
    r = X @ w + b - y
    k = 1 - step_size * lam
    return k * w - step_size * X.T @ r / len(y), k * b - step_size * r.mean()


def batchnorm(X, gamma, beta, eps):
    n = max(len(X), 2)
    v = X.var(axis=0) * n / (n - 1)
    return gamma * (X - X.mean(axis=0)) / np.sqrt(v + eps) + beta
