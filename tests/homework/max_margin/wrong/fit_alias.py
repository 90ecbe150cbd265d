# not in the catalogue: the best iterate is changed in place
# base: reference
# wrong: fit
# may say: Your fit returns the last iterate

def fit(X, y, W0, C, steps, step_size):
    W = np.array(W0)
    best, values = W, [objective(W, X, y, C)]
    for t in range(1, steps + 1):
        W -= step_size / np.sqrt(t) * subgradient(W, X, y, C)
        values.append(objective(W, X, y, C))
        if values[-1] <= min(values):
            best = W
    return best, values
