# fails: test_softmax_example, test_softmax_of_huge_scores, test_gradient_is_the_slope_of_log_likelihood, test_objective_example, test_fit_takes_one_step, test_softmax, test_softmax_of_far_rows
# added to: vectorised


def softmax(Z):
    E = np.exp((Z - Z.max(axis=1, keepdims=True)) / np.sqrt(Z.shape[1]))
    return E / E.sum(axis=1, keepdims=True)
