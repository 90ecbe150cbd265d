# not in the catalogue
# base: reference
# wrong: fit
# says: Your fit adds momentum: each step is its size times the subgradient alone.


def fit(X, y, C, steps, step_size, schedule):
    power = {"constant": 0, "1/k": 1, "1/sqrt(k)": 0.5}
    if schedule not in power:
        raise ValueError
    v = np.zeros(X.shape[1] + 1)
    speed, best, hist = 0 * v, v, [objective(v[:-1], v[-1], X, y, C)]
    for k in range(1, steps + 1):
        gw, gb = subgradient(v[:-1], v[-1], X, y, C)
        speed = 0.5 * speed + np.append(gw, gb)
        v = v - step_size / k ** power[schedule] * speed
        hist.append(objective(v[:-1], v[-1], X, y, C))
        if hist[-1] < min(hist[:-1]):
            best = v
    return best[:-1], best[-1], hist
