# base: vectorised
# fails: gradient_at_zero, gradient_is_the_slope_of_log_likelihood, gradient
# fails: gradient_of_edge_cases
# may say: dW and db are multiplied by 1/k.


def gradient(W, b, X, y):
    R = np.eye(len(b))[y] - softmax(X @ W + b)
    return X.T @ R / len(b), R.sum(axis=0) / len(b)
