# fails: test_gradient_at_zero, test_gradient_is_the_slope_of_log_likelihood, test_cross_entropy_example, test_cross_entropy_counts_0_log_0_as_0, test_objective_example, test_fit_starts_at_zeros, test_fit_takes_one_step, test_fit_history_falls, test_gradient, test_gradient_of_edge_cases, test_cross_entropy, test_cross_entropy_of_zeros, test_fit_follows_gradient_descent, test_fit_records_every_objective, test_fit_learns_digits
# added to: vectorised
# named: Your cross_entropy has the opposite sign | Your objective is the mean log-likelihood


def cross_entropy(P, Q):
    with np.errstate(divide='ignore', invalid='ignore'):
        return np.where(P > 0, P * np.log(Q), 0.0).sum(axis=1)


def gradient(W, b, X, y):
    R = np.eye(len(b))[y] - softmax(X @ W + b)
    return X.T @ R
