# fails: test_gradient_at_zero, test_gradient_is_the_slope_of_log_likelihood, test_fit_takes_one_step, test_gradient, test_gradient_of_edge_cases
# added to: vectorised
# named: dW and db are multiplied by 1/k.


def gradient(W, b, X, y):
    R = np.eye(len(b))[y] - softmax(X @ W + b)
    return X.T @ R / len(b), R.sum(axis=0) / len(b)
