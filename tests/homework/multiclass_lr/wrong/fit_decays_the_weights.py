# base: vectorised
# fails: fit_follows_gradient_descent, fit_records_every_objective, fit_learns_digits
# says: Your fit decays the weights: the objective holds no penalty.


def fit(X, y, k, steps, step_size):
    n, d = X.shape
    W, b = np.zeros((d, k)), np.zeros(k)
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        W, b = W + step_size * (dW / n - 0.1 * W), b + step_size * db / n
        history.append(objective(W, b, X, y))
    return W, b, np.array(history)
