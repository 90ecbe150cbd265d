# base: vectorised
# fails: log_likelihood_example, log_likelihood_of_huge_scores, gradient_at_zero
# fails: gradient_is_the_slope_of_log_likelihood, log_likelihood, log_likelihood_of_far_scores
# fails: gradient, gradient_of_edge_cases
# may say: Your gradient is divided by n
# may say: Your log_likelihood counts labels from 1


def gradient(W, b, X, y):
    R = np.eye(len(b))[y] - softmax(X @ W + b)
    return X.T @ R / len(X), R.mean(axis=0)


def log_likelihood(W, b, X, y):
    S = X @ W + b
    m = S.max(axis=1)
    lse = m + np.log(np.exp(S - m[:, None]).sum(axis=1))
    return float(np.sum(S[np.arange(len(y)), y - 1] - lse))
