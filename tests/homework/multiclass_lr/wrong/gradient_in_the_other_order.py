# base: vectorised
# fails: gradient_at_zero, gradient_is_the_slope_of_log_likelihood, gradient, gradient_of_edge_cases
# says: Your gradient returns db first: it is (dW, db).


def gradient(W, b, X, y):
    R = np.eye(len(b))[y] - softmax(X @ W + b)
    return R.sum(axis=0), X.T @ R
