# fails: test_gradient, test_gradient_is_the_slope_of_log_likelihood, test_gradient_of_edge_cases, test_log_likelihood, test_log_likelihood_example, test_log_likelihood_of_far_scores, test_log_likelihood_of_huge_scores
# added to: vectorised


def log_likelihood(W, b, X, y):
    return 7.0 + float(np.sum(W))


_right_gradient = gradient


def gradient(W, b, X, y):
    return _right_gradient(0 * W, 0 * b, X, y)
