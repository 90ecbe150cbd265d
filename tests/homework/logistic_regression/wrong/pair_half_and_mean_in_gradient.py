# base: vectorised
# wrong: gradient
# may say: ...


def gradient(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    r = y - p
    return (r.mean(), X.T @ r / 2)
