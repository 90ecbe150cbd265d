# base: vectorised
# fails: fit_follows_gradient_descent, fit_records_every_objective, fit_learns_digits, predict


def fit(X, y, k, steps, step_size):
    n, d = X.shape
    W = np.zeros((d, k)); b = np.zeros(k)
    history = [objective(W, b, X, y)]
    for t in range(steps):
        dW, db = gradient(W, b, X, y)
        W = W + step_size / np.sqrt(t + 1) * dW / n
        b = b + step_size / np.sqrt(t + 1) * db / n
        history.append(objective(W, b, X, y))
    return W, b, np.array(history)


def predict(W, b, X):
    return np.argmax(np.round(softmax(X @ W + b)), axis=1)
