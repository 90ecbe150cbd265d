# base: reference
# wrong: bias_variance
# is: bias_variance_over_the_points


def bias_variance(predictions, truth):
    m = predictions.mean(axis=0)
    return np.mean((m - truth) ** 2), np.mean(np.var(predictions, axis=1))
