# not in the catalogue: medians in place of means
# base: reference
# wrong: bias_variance


def bias_variance(predictions, truth):
    m = np.median(predictions, axis=0)
    return np.mean((m - truth) ** 2), np.mean((predictions - m) ** 2)
