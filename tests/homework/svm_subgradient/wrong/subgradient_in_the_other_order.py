# base: typed
# wrong: subgradient
# may say: ...
_in_order = subgradient


def subgradient(w, b, X, y, C):
    gw, gb = _in_order(w, b, X, y, C)
    return gb, gw


def fit(X, y, C, steps, step_size, schedule):
    sizes = {"constant": lambda k: 1.0, "1/k": lambda k: 1 / k, "1/sqrt(k)": lambda k: k**-0.5}
    if schedule not in sizes:
        raise ValueError(schedule)
    w, b = np.zeros(X.shape[1]), 0.0
    path, history = [(w, b)], [objective(w, b, X, y, C)]
    for k in range(1, steps + 1):
        gw, gb = subgradient(w, b, X, y, C)
        size = step_size * sizes[schedule](k)
        w, b = w - size * gw, b - size * gb
        path.append((w, b))
        history.append(objective(w, b, X, y, C))
    return *path[int(np.argmin(history))], np.array(history)
