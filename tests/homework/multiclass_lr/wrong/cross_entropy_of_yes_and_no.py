# base: vectorised
# fails: cross_entropy_example, cross_entropy_counts_0_log_0_as_0, cross_entropy
# fails: cross_entropy_of_zeros


def cross_entropy(P, Q):
    e = 1e-12
    return -(P * np.log(Q + e) + (1 - P) * np.log(1 - Q + e)).sum(axis=1)
