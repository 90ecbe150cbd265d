# base: reference
# wrong: fit
# not in the catalogue
def fit(X, y, C, steps, step_size, schedule):
    sizes = {"constant": lambda k: 1.0, "1/k": lambda k: 1 / k, "1/sqrt(k)": lambda k: k**-0.5}
    if schedule not in sizes:
        raise ValueError(schedule)
    w, b = np.zeros(X.shape[1]), 0.0
    history = [objective(w, b, X, y, C)]
    best = w, b
    for k in range(1, steps + 1):
        gw, gb = subgradient(w, b, X, y, C)
        w, b = w - step_size * sizes[schedule](k) * gw, b - step_size * sizes[schedule](k) * gb
        history.append(objective(w, b, X, y, C))
        if history[-1] < history[-2]:  # not the best, but better than the one before
            best = w, b
    return *best, np.array(history)
