# base: reference
# wrong: fit
# is: fit_returns_the_last

def fit(X, y, W0, C, steps, step_size):
    W, values = np.array(W0), [objective(W0, X, y, C)]
    for t in range(1, steps + 1):
        W = W - step_size / t**0.5 * subgradient(W, X, y, C)
        values.append(objective(W, X, y, C))
    return W, values
