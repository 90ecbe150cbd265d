# base: vectorised
# says: Your fit does not start from zeros.
# fails: fit_starts_at_zeros, fit_takes_one_step, fit_follows_gradient_descent


def fit(X, y, k, steps, step_size):
    n, d = X.shape
    W = np.zeros((d, k)); b = np.ones(k)
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        W = W + step_size * dW / n
        b = b + step_size * db / n
        history.append(objective(W, b, X, y))
    return W, b, np.array(history)
