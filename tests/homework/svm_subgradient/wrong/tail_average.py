# not in the catalogue: the mean of the last two iterates
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
    mean = (path[-1] + path[-2]) / 2
    return mean[:-1], mean[-1], [objective(v[:-1], v[-1], X, y, C) for v in path]
