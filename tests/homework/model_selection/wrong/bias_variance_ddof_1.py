# base: reference
# fails: bias_variance_example, bias_variance
# is: bias_variance_unbiased


def bias_variance(predictions, truth):
    m = predictions.mean(axis=0)
    return np.mean((m - truth) ** 2), np.mean(np.var(predictions, axis=0, ddof=1))
