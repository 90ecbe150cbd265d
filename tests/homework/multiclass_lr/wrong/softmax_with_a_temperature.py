# fails: test_softmax_example, test_softmax_of_huge_scores, test_gradient_is_the_slope_of_log_likelihood, test_objective_example, test_fit_takes_one_step, test_softmax, test_softmax_of_far_rows, test_gradient, test_gradient_of_edge_cases, test_objective, test_fit_follows_gradient_descent, test_fit_records_every_objective, test_fit_learns_digits
# added to: vectorised


def softmax(Z):
    E = np.exp((Z - Z.max(axis=1, keepdims=True)) / np.sqrt(Z.shape[1]))
    return E / E.sum(axis=1, keepdims=True)
