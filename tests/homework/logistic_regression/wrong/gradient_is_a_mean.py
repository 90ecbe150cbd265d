# base: vectorised
# wrong: gradient
# is: gradient_is_a_mean
# may say: multiplied by 1/n


def gradient(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    r = y - p
    return (r.mean(), X.T @ r / len(y))
