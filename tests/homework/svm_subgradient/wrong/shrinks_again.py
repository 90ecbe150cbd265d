# base: reference
# wrong: fit
# is: fit_divides_again


def fit(X, y, C, steps, step_size, schedule):
    w, b = np.zeros(X.shape[1]), 0.0
    best, hist = (w, b), [objective(w, b, X, y, C)]
    for k in range(1, steps + 1):
        if schedule == "1/k":
            step_size = step_size / k
        elif schedule == "1/sqrt(k)":
            step_size = step_size / k**0.5
        elif schedule != "constant":
            raise ValueError
        gw, gb = subgradient(w, b, X, y, C)
        w, b = w - step_size * gw, b - step_size * gb
        hist.append(objective(w, b, X, y, C))
        if hist[-1] < min(hist[:-1]):
            best = w, b
    return *best, hist
