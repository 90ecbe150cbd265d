# base: vectorised
# wrong: hessian
# is: hessian_with_beta0_last


def hessian(beta0, beta, X):
    A = np.hstack([np.ones((len(X), 1)), X])
    p = sigmoid(A @ np.r_[beta0, beta])
    n = len(X)
    return np.roll(A.T @ np.diag(p * (1 - p)) @ A / n, -1, (0, 1))
