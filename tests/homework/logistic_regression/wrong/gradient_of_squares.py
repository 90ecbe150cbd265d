# base: vectorised
# wrong: gradient
# is: gradient_of_squares


def gradient(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    r = y - p
    return ((r * p * (1 - p)).sum(), X.T @ (r * p * (1 - p)))
