# base: vectorised
# wrong: gradient
# may say: ...
# not in the catalogue
whole_gradient = gradient


def gradient(W, b, X, y):
    return whole_gradient(W, b, X, y)[0]


def fit(X, y, k, steps, step_size):
    W, b = np.zeros((X.shape[1], k)), np.zeros(k)
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        W, b = W + step_size / len(X) * dW, b + step_size / len(X) * db
        history.append(objective(W, b, X, y))
    return W, b, np.array(history)
