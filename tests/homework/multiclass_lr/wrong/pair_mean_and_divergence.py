# fails: test_log_likelihood_example, test_cross_entropy_example, test_cross_entropy_counts_0_log_0_as_0, test_objective_example, test_fit_starts_at_zeros, test_fit_takes_one_step, test_fit_history_falls, test_log_likelihood, test_cross_entropy, test_cross_entropy_of_zeros
# added to: vectorised
# named: Your objective is the mean log-likelihood | Your log_likelihood is a mean


def log_likelihood(W, b, X, y):
    S = X @ W + b
    m = S.max(axis=1)
    lse = m + np.log(np.exp(S - m[:, None]).sum(axis=1))
    return float(np.mean(S[np.arange(len(y)), y] - lse))


def cross_entropy(P, Q):
    with np.errstate(divide='ignore', invalid='ignore'):
        return -np.where(P > 0, P * np.log(P / Q), 0.0).sum(axis=1)
