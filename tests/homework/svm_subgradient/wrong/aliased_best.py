# base: reference
# wrong: fit
# is: fit_overwrites_the_best


def fit(X, y, C, steps, step_size, schedule):
    p = {"constant": 0, "1/k": 1, "1/sqrt(k)": 0.5}
    if schedule not in p:
        raise ValueError
    w, b = np.zeros(X.shape[1]), 0.0
    best_w, best_b, best = w, b, objective(w, b, X, y, C)
    hist = [best]
    for k in range(1, steps + 1):
        gw, gb = subgradient(w, b, X, y, C)
        w -= step_size * k ** -p[schedule] * gw
        b -= step_size * k ** -p[schedule] * gb
        hist.append(objective(w, b, X, y, C))
        if hist[-1] < best:
            best_w, best_b, best = w, b, hist[-1]
    return best_w, best_b, hist
