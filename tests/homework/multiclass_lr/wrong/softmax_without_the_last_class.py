# fails: test_softmax_example, test_softmax_rows_are_distributions, test_softmax_of_huge_scores, test_gradient_at_zero, test_gradient_is_the_slope_of_log_likelihood, test_objective_example, test_fit_starts_at_zeros, test_fit_takes_one_step, test_softmax, test_softmax_of_far_rows
# added to: vectorised


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E[:, :-1].sum(axis=1, keepdims=True)
