# base: vectorised
# wrong: gradient
# may say: Your gradient returns d_beta first: it is (d_beta0, d_beta).
_in_order = gradient


def gradient(beta0, beta, X, y):
    d_beta0, d_beta = _in_order(beta0, beta, X, y)
    return d_beta, d_beta0


def gradient_descent(X, y, steps, step_size):
    beta0, beta = 0.0, np.zeros(X.shape[1])
    history = [cross_entropy(beta0, beta, X, y)]
    for _ in range(steps):
        up0, up = gradient(beta0, beta, X, y)
        beta0, beta = beta0 + step_size * up0 / len(y), beta + step_size * up / len(y)
        history.append(cross_entropy(beta0, beta, X, y))
    return beta0, beta, np.array(history)


def newton(X, y, steps):
    beta0, beta = 0.0, np.zeros(X.shape[1])
    history = [cross_entropy(beta0, beta, X, y)]
    for _ in range(steps):
        up = np.hstack(gradient(beta0, beta, X, y)) / len(y)
        move = np.linalg.solve(hessian(beta0, beta, X), up)
        beta0, beta = beta0 + move[0], beta + move[1:]
        history.append(cross_entropy(beta0, beta, X, y))
    return beta0, beta, np.array(history)
