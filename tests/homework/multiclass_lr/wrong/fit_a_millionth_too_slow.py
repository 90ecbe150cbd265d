# base: vectorised
# wrong: fit
# not in the catalogue

exact_fit = fit


def fit(X, y, k, steps, step_size):
    return exact_fit(X, y, k, steps, step_size * (1 - 1e-6))
