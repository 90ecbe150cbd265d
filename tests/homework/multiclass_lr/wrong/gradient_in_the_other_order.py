# base: vectorised
# fails: gradient_at_zero, gradient_is_the_slope_of_log_likelihood, gradient, gradient_of_edge_cases
# says: Your gradient returns db first: it is (dW, db).


def gradient(W, b, X, y):
    R = np.eye(len(b))[y] - softmax(X @ W + b)
    return R.sum(axis=0), X.T @ R


def fit(X, y, k, steps, step_size):
    W, b = np.zeros((X.shape[1], k)), np.zeros(k)
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        W, b = W + step_size / len(X) * dW, b + step_size / len(X) * db
        history.append(objective(W, b, X, y))
    return W, b, np.array(history)
