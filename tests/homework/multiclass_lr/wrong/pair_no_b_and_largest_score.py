# fails: test_log_likelihood_example, test_predict_example, test_log_likelihood, test_predict
# added to: vectorised
# named: Your predict ignores b


def predict(W, b, X):
    return np.argmax(X @ W, axis=1)


def log_likelihood(W, b, X, y):
    S = X @ W + b
    m = S.max(axis=1)
    lse = m
    return float(np.sum(S[np.arange(len(y)), y] - lse))
