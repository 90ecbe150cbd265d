# base: vectorised
# fails: gradient_at_zero, gradient_is_the_slope_of_log_likelihood, gradient, gradient_of_edge_cases
# is: gradient_the_other_way_round
_in_order = gradient


def gradient(W, b, X, y):
    return _in_order(W, b, X, y)[::-1]


def fit(X, y, k, steps, step_size):
    W, b = np.zeros((X.shape[1], k)), np.zeros(k)
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        W += step_size / len(y) * dW
        b += step_size / len(y) * db
        history.append(objective(W, b, X, y))
    return W, b, np.array(history)
