# base: vectorised
# fails: gradient_at_zero, gradient_is_the_slope_of_log_likelihood, gradient
# fails: gradient_of_edge_cases


def gradient(W, b, X, y):
    R = np.eye(len(b))[y] - softmax(X @ W + b)
    X, R = X[1:], R[1:]
    return X.T @ R, R.sum(axis=0)
