# not in the catalogue: forgets the first half of the path
# base: reference
# wrong: fit


def fit(X, y, C, steps, step_size, schedule):
    power = {"constant": 0, "1/k": 1, "1/sqrt(k)": 0.5}
    if schedule not in power:
        raise ValueError
    path = [np.zeros(X.shape[1] + 1)]
    for k in range(1, steps + 1):
        g = np.append(*subgradient(path[-1][:-1], path[-1][-1], X, y, C))
        path.append(path[-1] - step_size / k ** power[schedule] * g)
    hist = np.array([objective(v[:-1], v[-1], X, y, C) for v in path])
    late = len(path) // 2
    v = path[late + int(hist[late:].argmin())]
    return v[:-1], v[-1], hist
