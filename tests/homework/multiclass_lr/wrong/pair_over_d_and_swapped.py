# fails: test_cross_entropy_example, test_cross_entropy_counts_0_log_0_as_0, test_objective_example, test_fit_starts_at_zeros, test_fit_takes_one_step, test_cross_entropy, test_cross_entropy_of_zeros, test_objective
# added to: vectorised
# named: Your objective divides by the number of features | Your cross_entropy has its arguments swapped


def objective(W, b, X, y):
    return -log_likelihood(W, b, X, y) / X.shape[1]


def cross_entropy(P, Q):
    with np.errstate(divide='ignore', invalid='ignore'):
        return -np.where(Q > 0, Q * np.log(P), 0.0).sum(axis=1)
