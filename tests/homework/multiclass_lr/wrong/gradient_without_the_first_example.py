# fails: test_gradient_at_zero, test_gradient_is_the_slope_of_log_likelihood, test_fit_takes_one_step, test_gradient, test_gradient_of_edge_cases
# added to: vectorised


def gradient(W, b, X, y):
    R = np.eye(len(b))[y] - softmax(X @ W + b)
    X, R = X[1:], R[1:]
    return X.T @ R, R.sum(axis=0)
