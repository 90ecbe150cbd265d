# base: vectorised
# fails: newton_records_every_value, newton_returns_the_last_iterate
# may say: Your newton stops
# not in the catalogue


def newton(X, y, steps):
    beta0, beta = 0.0, np.zeros(X.shape[1])
    history = [cross_entropy(beta0, beta, X, y)]
    n = len(y)
    H0 = hessian(beta0, beta, X)
    for t in range(1, steps + 1):
        g = np.append(*gradient(beta0, beta, X, y)) / n
        H = hessian(beta0, beta, X)
        step = np.linalg.solve(H, g)
        if np.abs(step).max() < 1e-6:
            break
        beta0, beta = beta0 + step[0], beta + step[1:]
        history.append(cross_entropy(beta0, beta, X, y))
    return beta0, beta, np.array(history)
