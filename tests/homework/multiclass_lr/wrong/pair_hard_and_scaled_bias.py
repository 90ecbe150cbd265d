# base: vectorised
# fails: gradient_at_zero, gradient_is_the_slope_of_log_likelihood, log_likelihood, gradient
# fails: gradient_of_edge_cases
# may say: Your gradient takes the likeliest class for its probability


def gradient(W, b, X, y):
    R = np.eye(len(b))[y] - np.eye(len(b))[(X @ W + b).argmax(1)]
    return X.T @ R, R.sum(axis=0)


def log_likelihood(W, b, X, y):
    S = X @ W + len(X) * b
    m = S.max(axis=1)
    lse = m + np.log(np.exp(S - m[:, None]).sum(axis=1))
    return float(np.sum(S[np.arange(len(y)), y] - lse))
