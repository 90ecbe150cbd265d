# base: vectorised
# fails: log_likelihood_example, cross_entropy_example, cross_entropy_counts_0_log_0_as_0
# fails: log_likelihood, cross_entropy, cross_entropy_of_zeros
# may say: Your objective is the mean log-likelihood
# may say: Your log_likelihood is a mean


def log_likelihood(W, b, X, y):
    S = X @ W + b
    m = S.max(axis=1)
    lse = m + np.log(np.exp(S - m[:, None]).sum(axis=1))
    return float(np.mean(S[np.arange(len(y)), y] - lse))


def cross_entropy(P, Q):
    with np.errstate(divide='ignore', invalid='ignore'):
        return -np.where(P > 0, P * np.log(P / Q), 0.0).sum(axis=1)
