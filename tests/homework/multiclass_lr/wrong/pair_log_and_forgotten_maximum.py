# fails: test_softmax_example, test_softmax_rows_are_distributions, test_softmax_of_huge_scores, test_log_likelihood_example, test_log_likelihood_of_huge_scores, test_gradient_at_zero, test_gradient_is_the_slope_of_log_likelihood, test_objective_example, test_fit_starts_at_zeros, test_fit_takes_one_step, test_fit_history_falls, test_softmax, test_softmax_of_far_rows, test_log_likelihood, test_log_likelihood_of_far_scores, test_objective, test_fit_follows_gradient_descent, test_fit_records_every_objective, test_fit_learns_digits
# added to: vectorised
# named: Your softmax returns logarithms of probabilities. | Your log_likelihood does not add back the largest score that it took off.


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.log(E / E.sum(axis=1, keepdims=True))


def log_likelihood(W, b, X, y):
    S = X @ W + b
    m = S.max(axis=1)
    lse = np.log(np.exp(S - m[:, None]).sum(axis=1))
    return float(np.sum(S[np.arange(len(y)), y] - lse))
