# base: vectorised
# wrong: fit
# not in the catalogue


def fit(X, y, k, steps, step_size):
    n, d = X.shape
    W, b = np.zeros((d, k)), np.zeros(k)
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        b = b + step_size * gradient(W, b, X, y)[1] / n
        W = W + step_size * gradient(W, b, X, y)[0] / n
        history.append(objective(W, b, X, y))
    return W, b, np.array(history)
