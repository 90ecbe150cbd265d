# base: vectorised
# wrong: gradient
# is: gradient_of_the_loss
# may say: wrong sign


def gradient(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    r = y - p
    return (-r.sum(), -X.T @ r)
