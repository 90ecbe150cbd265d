# base: vectorised
# fails: log_likelihood_example, log_likelihood
# may say: Your log_likelihood is a mean


def log_likelihood(W, b, X, y):
    return np.take_along_axis(log_softmax(X @ W + b), y[:, None], axis=1).mean()


def fit(X, y, k, steps, step_size):
    W, b = np.zeros((X.shape[1], k)), np.zeros(k)
    history = [-log_likelihood(W, b, X, y) / len(y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        W, b = W + step_size / len(y) * dW, b + step_size / len(y) * db
        history.append(-log_likelihood(W, b, X, y) / len(y))
    return W, b, history
