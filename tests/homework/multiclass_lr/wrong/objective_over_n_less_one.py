# fails: test_objective_example, test_fit_starts_at_zeros, test_fit_takes_one_step, test_objective, test_fit_records_every_objective, test_fit_learns_digits
# added to: vectorised


def objective(W, b, X, y):
    return -log_likelihood(W, b, X, y) / (len(y) - 1)
