# fails: test_fit_takes_one_step, test_fit_follows_gradient_descent, test_fit_records_every_objective, test_fit_learns_digits
# added to: vectorised


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
