# base: loops
# fails: fit_returns_the_best_iterate, fit_records_every_objective, fit_follows_subgradient_descent
# not in the catalogue: W0 of whole numbers takes no step that is none.
def fit(X, y, W0, C, steps, step_size):
    W = W0.copy()
    best, values = W.copy(), [objective(W, X, y, C)]
    for t in range(steps):
        W -= step_size / math.sqrt(t + 1) * np.array(subgradient(W, X, y, C))
        values += [objective(W, X, y, C)]
        if values[-1] < min(values[:-1]):
            best = W.copy()
    return best, values
