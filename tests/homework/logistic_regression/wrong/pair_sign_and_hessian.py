# base: vectorised
# wrong: gradient, hessian
# is: gradient_of_the_loss, hessian_of_the_sum
# may say: wrong sign


def gradient(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    r = y - p
    return (-r.sum(), -X.T @ r)


def hessian(beta0, beta, X):
    A = np.hstack([np.ones((len(X), 1)), X])
    p = sigmoid(A @ np.r_[beta0, beta])
    n = len(X)
    return A.T @ np.diag(p * (1 - p)) @ A
