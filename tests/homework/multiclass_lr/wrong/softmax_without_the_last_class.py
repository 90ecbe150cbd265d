# base: vectorised
# fails: softmax_example, softmax_rows_are_distributions, softmax_of_huge_scores, gradient_at_zero, gradient_is_the_slope_of_log_likelihood, objective_example, fit_starts_at_zeros, fit_takes_one_step, softmax, softmax_of_far_rows


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E[:, :-1].sum(axis=1, keepdims=True)
