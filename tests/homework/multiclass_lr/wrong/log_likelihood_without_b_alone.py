# base: reference
# fails: log_likelihood
# may say: Your log_likelihood ignores b
# may say: Your objective ignores b


def log_likelihood(W, b, X, y):
    P = softmax(X @ W)
    return np.log(P[np.arange(len(y)), y] + 1e-300).sum()
