# base: vectorised
# fails: objective_example, fit_starts_at_zeros, fit_takes_one_step, objective


def objective(W, b, X, y):
    return -log_likelihood(W, b, X, y) / (len(y) - 1)
