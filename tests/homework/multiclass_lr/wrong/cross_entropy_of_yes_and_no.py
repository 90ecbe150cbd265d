# fails: test_cross_entropy_example, test_cross_entropy_counts_0_log_0_as_0, test_objective_example, test_fit_starts_at_zeros, test_fit_takes_one_step, test_cross_entropy, test_cross_entropy_of_zeros
# added to: vectorised


def cross_entropy(P, Q):
    e = 1e-12
    return -(P * np.log(Q + e) + (1 - P) * np.log(1 - Q + e)).sum(axis=1)
