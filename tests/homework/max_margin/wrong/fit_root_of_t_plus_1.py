# base: reference
# wrong: fit
# is: fit_counting_from_2

def fit(X, y, W0, C, steps, step_size):
    W, best, values = W0, W0, [objective(W0, X, y, C)]
    for t in range(1, steps + 1):
        W = W - step_size / np.sqrt(t + 1) * subgradient(W, X, y, C)
        values.append(objective(W, X, y, C))
        if values[-1] <= min(values):
            best = W
    return best, values
