# base: vectorised
# fails: gradient_at_zero, gradient_is_the_slope_of_log_likelihood, gradient, gradient_of_edge_cases
# may say: dW is multiplied by 1/d.


def gradient(W, b, X, y):
    R = np.eye(len(b))[y] - softmax(X @ W + b)
    return X.T @ R / X.shape[1], R.sum(axis=0)
