# base: vectorised
# fails: cross_entropy_example, cross_entropy_counts_0_log_0_as_0, objective_example
# fails: cross_entropy, cross_entropy_of_zeros, objective
# may say: Your objective divides by the number of features
# may say: Your cross_entropy has its arguments swapped


def objective(W, b, X, y):
    return -log_likelihood(W, b, X, y) / X.shape[1]


def cross_entropy(P, Q):
    with np.errstate(divide='ignore', invalid='ignore'):
        return -np.where(Q > 0, Q * np.log(P), 0.0).sum(axis=1)
