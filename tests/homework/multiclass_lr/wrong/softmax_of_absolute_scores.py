# fails: test_softmax_example, test_softmax_of_huge_scores, test_gradient_is_the_slope_of_log_likelihood, test_fit_takes_one_step, test_predict_example, test_softmax, test_softmax_of_far_rows, test_predict
# added to: vectorised
# named: Your predict takes the largest absolute score


def softmax(Z):
    E = np.exp(np.abs(Z) - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
