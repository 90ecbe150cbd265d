# not in the catalogue: the mean of the iterates
# base: reference
# wrong: fit

def fit(X, y, W0, C, steps, step_size):
    W, path = np.array(W0), [W0]
    for t in range(1, steps + 1):
        W = W - step_size / np.sqrt(t) * subgradient(W, X, y, C)
        path.append(W)
    values = [objective(U, X, y, C) for U in path]
    return np.mean(path, axis=0), values
