# base: vectorised
# wrong: hessian


def hessian(beta0, beta, X):
    A = np.hstack([np.ones((len(X), 1)), X])
    p = sigmoid(A @ np.r_[beta0, beta])
    n = len(X)
    return A.T @ np.diag(p) @ A
