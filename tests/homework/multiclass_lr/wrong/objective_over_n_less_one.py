# fails: test_objective_example, test_fit_starts_at_zeros, test_fit_takes_one_step, test_objective
# added to: vectorised


def objective(W, b, X, y):
    return -log_likelihood(W, b, X, y) / (len(y) - 1)
