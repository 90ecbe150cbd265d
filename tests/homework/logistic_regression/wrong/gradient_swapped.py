# base: vectorised
# wrong: gradient
# is: gradient_the_other_way_round


def gradient(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    r = y - p
    return (X.T @ r, r.sum())
