# base: reference
# fails: softmax_example, softmax_rows_are_distributions, softmax_of_huge_scores, gradient_at_zero, gradient_is_the_slope_of_log_likelihood, softmax, softmax_of_far_rows, fit_takes_one_step
# not in the catalogue


def softmax(Z):
    return np.zeros_like(Z)
