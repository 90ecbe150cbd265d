# base: vectorised
# wrong: fit
# not in the catalogue


def fit(X, y, k, steps, step_size):
    n = len(y)
    W, b = np.zeros((X.shape[1], k)), np.zeros(k)
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        if max(np.abs(dW).max(), np.abs(db).max()) > 1e-4 * n:
            W, b = W + step_size * dW / n, b + step_size * db / n
        history.append(objective(W, b, X, y))
    return W, b, np.array(history)
