# base: reference
# wrong: fit
# is: fit_updates_in_turn


def fit(X, y, C, steps, step_size, schedule):
    power = {"constant": 0, "1/k": 1, "1/sqrt(k)": 0.5}
    if schedule not in power:
        raise ValueError
    w, b = np.zeros(X.shape[1]), 0.0
    best, hist = (w, b), [objective(w, b, X, y, C)]
    for k in range(1, steps + 1):
        eta = step_size / k ** power[schedule]
        w = w - eta * subgradient(w, b, X, y, C)[0]
        b = b - eta * subgradient(w, b, X, y, C)[1]
        hist.append(objective(w, b, X, y, C))
        if hist[-1] < min(hist[:-1]):
            best = w, b
    return *best, hist
