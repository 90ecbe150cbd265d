# base: vectorised
# fails: fit_takes_one_step, fit_follows_gradient_descent, fit_records_every_objective, fit_learns_digits


def fit(X, y, k, steps, step_size):
    n, d = X.shape
    W = np.zeros((d, k)); b = np.zeros(k)
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        W = W + 0.5 * step_size * dW / n
        b = b + step_size * db / n
        history.append(objective(W, b, X, y))
    return W, b, np.array(history)
