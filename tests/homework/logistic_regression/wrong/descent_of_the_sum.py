# base: vectorised
# wrong: gradient_descent
# is: descent_of_the_sum


def gradient_descent(X, y, steps, step_size):
    beta0, beta = 0.0, np.zeros(X.shape[1])
    history = [cross_entropy(beta0, beta, X, y)]
    v0, v = 0.0, 0 * beta
    n = len(y)
    for t in range(1, steps + 1):
        g0, g = gradient(beta0, beta, X, y)
        g0, g = g0 / n, g / n
        beta0, beta = beta0 + step_size * g0 * n, beta + step_size * g * n
        history.append(cross_entropy(beta0, beta, X, y))
    return beta0, beta, np.array(history)
