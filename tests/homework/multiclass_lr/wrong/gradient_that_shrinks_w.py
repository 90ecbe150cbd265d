# base: vectorised
# fails: gradient_is_the_slope_of_log_likelihood, gradient, gradient_of_edge_cases


def gradient(W, b, X, y):
    R = np.eye(len(b))[y] - softmax(X @ W + b)
    return X.T @ R - 0.01 * W, R.sum(axis=0)
