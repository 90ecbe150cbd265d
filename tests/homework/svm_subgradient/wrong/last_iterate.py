# base: reference
# wrong: fit
# is: fit_returns_the_last


def fit(X, y, C, steps, step_size, schedule):
    w, b = np.zeros(X.shape[1]), 0.0
    hist = [objective(w, b, X, y, C)]
    for k in range(1, steps + 1):
        if schedule == "constant":
            eta = step_size
        elif schedule == "1/k":
            eta = step_size / k
        elif schedule == "1/sqrt(k)":
            eta = step_size / np.sqrt(k)
        else:
            raise ValueError("unknown")
        gw, gb = subgradient(w, b, X, y, C)
        w = w - eta * gw
        b = b - eta * gb
        hist.append(objective(w, b, X, y, C))
    return w, b, np.array(hist)
