# not in the catalogue: no step below 1e-6 is taken, and the history goes on all the same
# base: reference
# wrong: newton

def newton(X, y, steps):
    beta0, beta = 0.0, np.zeros(X.shape[1])
    history = [cross_entropy(beta0, beta, X, y)]
    for _ in range(steps):
        g0, g = gradient(beta0, beta, X, y)
        step = np.linalg.solve(hessian(beta0, beta, X), np.append(g0, g) / len(y))
        if np.abs(step).max() >= 1e-6:
            beta0, beta = beta0 + step[0], beta + step[1:]
        history.append(cross_entropy(beta0, beta, X, y))
    return beta0, beta, np.array(history)
