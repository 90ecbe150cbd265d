# base: vectorised
# fails: softmax_example, softmax_rows_are_distributions, softmax_of_huge_scores
# fails: gradient_is_the_slope_of_log_likelihood, softmax, softmax_of_far_rows, gradient
# fails: gradient_of_edge_cases
# may say: Your softmax divides by the sum of all entries


def gradient(W, b, X, y):
    R = np.eye(len(b))[y] - softmax(X @ W + b)
    return X.T @ R - W, R.sum(axis=0)


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum()
