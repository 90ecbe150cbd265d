# base: reference
# wrong: fit
# is: fit_history_without_the_start, fit_returns_the_last


def fit(X, y, C, steps, step_size, schedule):
    power = {"constant": 0, "1/k": 1, "1/sqrt(k)": 0.5}
    if schedule not in power:
        raise ValueError
    w, b, hist = np.zeros(X.shape[1]), 0.0, []
    for k in range(1, steps + 1):
        gw, gb = subgradient(w, b, X, y, C)
        w, b = w - step_size / k ** power[schedule] * gw, b - step_size / k ** power[schedule] * gb
        hist.append(objective(w, b, X, y, C))
    return w, b, hist
