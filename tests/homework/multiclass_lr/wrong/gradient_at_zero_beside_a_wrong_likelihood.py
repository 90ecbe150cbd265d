# base: vectorised
# fails: gradient, gradient_is_the_slope_of_log_likelihood, gradient_of_edge_cases, log_likelihood, log_likelihood_example, log_likelihood_of_far_scores, log_likelihood_of_huge_scores


def log_likelihood(W, b, X, y):
    return 7.0 + float(np.sum(W))


_right_gradient = gradient


def gradient(W, b, X, y):
    return _right_gradient(0 * W, 0 * b, X, y)
