# base: vectorised
# wrong: gradient_descent
# not in the catalogue


def gradient_descent(X, y, steps, step_size):
    beta0, beta = 0.0, np.zeros(X.shape[1])
    history = [cross_entropy(beta0, beta, X, y)]
    for step in range(steps):
        d_beta0, d_beta = gradient(beta0, beta, X, y)
        beta0, beta = beta0 + step_size * d_beta0 / len(y), beta + step_size * d_beta / len(y)
        history.append(cross_entropy(beta0, beta, X, y))
        if abs(history[-1] - history[-2]) < 1e-6:
            history += [history[-1]] * (steps - step - 1)
            break
    return beta0, beta, np.array(history)
