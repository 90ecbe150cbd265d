# base: vectorised
# fails: log_likelihood_of_huge_scores, log_likelihood_of_far_scores
# may say: ...


def log_likelihood(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    return np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))
