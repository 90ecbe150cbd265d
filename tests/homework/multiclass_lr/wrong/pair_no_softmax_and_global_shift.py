# fails: test_softmax_of_huge_scores, test_gradient_at_zero, test_gradient_is_the_slope_of_log_likelihood, test_fit_takes_one_step, test_softmax_of_far_rows, test_gradient, test_gradient_of_edge_cases
# added to: vectorised
# named: Your gradient lacks the softmax term | Your softmax subtracts the largest score of the whole array, so that rows far below it become 0 / 0


def gradient(W, b, X, y):
    R = np.eye(len(b))[y]
    return X.T @ R, R.sum(axis=0)


def softmax(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=1, keepdims=True)
