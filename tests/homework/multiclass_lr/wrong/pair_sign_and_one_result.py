# base: vectorised
# fails: gradient_at_zero, gradient_is_the_slope_of_log_likelihood, cross_entropy_example
# fails: cross_entropy_counts_0_log_0_as_0, gradient, gradient_of_edge_cases
# fails: cross_entropy, cross_entropy_of_zeros
# may say: Your cross_entropy has the opposite sign
# may say: Your objective is the mean log-likelihood


def cross_entropy(P, Q):
    with np.errstate(divide='ignore', invalid='ignore'):
        return np.where(P > 0, P * np.log(Q), 0.0).sum(axis=1)


def gradient(W, b, X, y):
    R = np.eye(len(b))[y] - softmax(X @ W + b)
    return X.T @ R
