# base: reference
# wrong: ridge, bias_variance
# is: ridge_without_penalty, bias_variance_over_the_points


def ridge(Phi, y, lam):
    return np.linalg.pinv(Phi) @ y


def bias_variance(predictions, truth):
    m = predictions.mean(axis=0)
    return np.mean((m - truth) ** 2), np.mean(np.var(predictions, axis=1))
