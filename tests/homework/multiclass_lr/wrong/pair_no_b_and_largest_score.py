# base: vectorised
# fails: log_likelihood_example, predict_example, log_likelihood, predict
# may say: Your predict ignores b


def predict(W, b, X):
    return np.argmax(X @ W, axis=1)


def log_likelihood(W, b, X, y):
    S = X @ W + b
    m = S.max(axis=1)
    lse = m
    return float(np.sum(S[np.arange(len(y)), y] - lse))
