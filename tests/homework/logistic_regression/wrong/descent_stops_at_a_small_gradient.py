# base: vectorised
# fails: gradient_descent_returns_the_last_iterate
# may say: ...
# not in the catalogue


def gradient_descent(X, y, steps, step_size):
    b0, b, history = 0.0, np.zeros(X.shape[1]), []
    for _ in range(steps + 1):
        history.append(cross_entropy(b0, b, X, y))
        g0, g = gradient(b0, b, X, y)
        step = step_size / len(y)
        if len(history) <= steps and np.hypot(g0, np.linalg.norm(g)) / len(y) > 1e-6:
            b0, b = b0 + step * g0, b + step * g
    return b0, b, np.array(history)
