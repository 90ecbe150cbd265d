# base: vectorised
# wrong: hessian
# not in the catalogue


def hessian(beta0, beta, X):
    A = np.hstack([np.ones((len(X), 1)), X])
    p = sigmoid(A @ np.r_[beta0, beta])
    n = len(X)
    return np.cov(A.T) * (p * (1 - p)).mean() if n > 1 else np.zeros((A.shape[1],) * 2)
