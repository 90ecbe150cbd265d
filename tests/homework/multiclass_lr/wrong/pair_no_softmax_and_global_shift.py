# base: vectorised
# fails: softmax_of_huge_scores, gradient_at_zero, gradient_is_the_slope_of_log_likelihood
# fails: softmax_of_far_rows, gradient, gradient_of_edge_cases
# may say: Your gradient lacks the softmax term
# may say: Your softmax subtracts the largest score of the whole array, so that rows far below it become 0 / 0


def gradient(W, b, X, y):
    R = np.eye(len(b))[y]
    return X.T @ R, R.sum(axis=0)


def softmax(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=1, keepdims=True)
