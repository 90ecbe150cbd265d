# base: vectorised
# wrong: fit
# not in the catalogue

exact_fit = fit


def fit(X, y, k, steps, step_size):
    return exact_fit(X, np.unique(y, return_inverse=True)[1], k, steps, step_size)
