# fails: test_gradient_at_zero, test_gradient_is_the_slope_of_log_likelihood, test_gradient, test_gradient_of_edge_cases
# added to: vectorised
# named: dW is multiplied by 1/d.


def gradient(W, b, X, y):
    R = np.eye(len(b))[y] - softmax(X @ W + b)
    return X.T @ R / X.shape[1], R.sum(axis=0)
