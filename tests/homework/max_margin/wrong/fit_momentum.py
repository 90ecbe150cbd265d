# not in the catalogue: momentum
# base: reference
# wrong: fit

def fit(X, y, W0, C, steps, step_size):
    W, V, path = np.array(W0), 0 * W0, [W0]
    for t in range(1, steps + 1):
        V = 0.5 * V - step_size / np.sqrt(t) * subgradient(W, X, y, C)
        W = W + V
        path.append(W)
    values = [objective(U, X, y, C) for U in path]
    return path[int(np.argmin(values))], values
