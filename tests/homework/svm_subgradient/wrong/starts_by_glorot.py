# not in the catalogue
# base: reference
# wrong: fit
# says: Your fit does not start from w = 0 and b = 0.


def fit(X, y, C, steps, step_size, schedule):
    if schedule not in ("constant", "1/k", "1/sqrt(k)"):
        raise ValueError(schedule)
    power = {"constant": 0, "1/k": 1, "1/sqrt(k)": 0.5}[schedule]
    rng = np.random.default_rng(0)
    path = [(rng.normal(size=X.shape[1]) * np.sqrt(2 / (X.shape[1] + 1)), 0.0)]
    for k in range(1, steps + 1):
        w, b = path[-1]
        gw, gb = subgradient(w, b, X, y, C)
        size = step_size / k**power
        path.append((w - size * gw, b - size * gb))
    history = np.array([objective(w, b, X, y, C) for w, b in path])
    return *path[history.argmin()], history
