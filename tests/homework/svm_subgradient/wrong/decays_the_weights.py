# not in the catalogue: the subgradient is right, fit takes w off once more
# base: reference
# wrong: fit
# says: Your fit decays the weights once more: the subgradient holds w already.


def fit(X, y, C, steps, step_size, schedule):
    if schedule not in ("constant", "1/k", "1/sqrt(k)"):
        raise ValueError(schedule)
    power = {"constant": 0, "1/k": 1, "1/sqrt(k)": 0.5}[schedule]
    path = [(np.zeros(X.shape[1]), 0.0)]
    for k in range(1, steps + 1):
        w, b = path[-1]
        gw, gb = subgradient(w, b, X, y, C)
        size = step_size / k**power
        path.append((w - size * (gw + w), b - size * gb))
    history = np.array([objective(w, b, X, y, C) for w, b in path])
    return *path[history.argmin()], history
