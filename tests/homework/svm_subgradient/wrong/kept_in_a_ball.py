# base: loops
# fails: fit_records_every_objective
# not in the catalogue


def fit(X, y, C, steps, step_size, schedule):
    powers = {"constant": 0.0, "1/k": -1.0, "1/sqrt(k)": -0.5}
    if schedule not in powers:
        raise ValueError(schedule)
    w, b = np.zeros(X.shape[1]), 0.0
    iterates = [(objective(w, b, X, y, C), w, b)]
    for k in range(1, steps + 1):
        gw, gb = subgradient(w, b, X, y, C)
        size = step_size * k ** powers[schedule]
        w, b = w - size * np.asarray(gw), b - size * gb
        w = w / max(1.0, np.linalg.norm(w) / 10)
        iterates.append((objective(w, b, X, y, C), w, b))
    _, w, b = min(iterates, key=lambda each: each[0])
    return w, b, np.array([each[0] for each in iterates])
