# base: vectorised
# fails: fit_follows_gradient_descent
# may say: ...
# not in the catalogue


def fit(X, y, k, steps, step_size):
    W, b, history = np.zeros((X.shape[1], k)), np.zeros(k), []
    for _ in range(steps + 1):
        history.append(objective(W, b, X, y))
        dW, db = (part / len(X) for part in gradient(W, b, X, y))
        if len(history) <= steps and np.sqrt((dW**2).sum() + (db**2).sum()) > 1e-6:
            W, b = W + step_size * dW, b + step_size * db
    return W, b, np.array(history)
