# base: loops
# fails: fit_follows_subgradient_descent
# not in the catalogue


def fit(X, y, W0, C, steps, step_size):
    W = W0.copy()
    iterates = [W0]
    for t in range(1, steps + 1):
        W -= step_size / math.sqrt(t) * np.array(subgradient(W, X, y, C))
        iterates.append(W.copy())
    values = [objective(W, X, y, C) for W in iterates]
    return iterates[int(np.argmin(values))], values
