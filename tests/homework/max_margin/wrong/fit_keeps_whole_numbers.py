# base: loops
# fails: fit_returns_the_best_iterate, fit_follows_subgradient_descent
# not in the catalogue: the best iterate is cut off to whole numbers where W0 holds such.
def fit(X, y, W0, C, steps, step_size):
    W, best = W0, np.zeros_like(W0)
    best[:] = W0
    values = [objective(W, X, y, C)]
    for t in range(steps):
        W = W - step_size / math.sqrt(t + 1) * np.array(subgradient(W, X, y, C))
        values += [objective(W, X, y, C)]
        if values[-1] < min(values[:-1]):
            best[:] = W
    return best, values
