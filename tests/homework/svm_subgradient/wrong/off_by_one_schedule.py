# base: reference
# wrong: fit
# is: fit_counts_from_two


def fit(X, y, C, steps, step_size, schedule):
    if schedule not in ("constant", "1/k", "1/sqrt(k)"):
        raise ValueError
    rows = [(objective(np.zeros(X.shape[1]), 0.0, X, y, C), np.zeros(X.shape[1]), 0.0)]
    for k in range(steps):
        _, w, b = rows[-1]
        eta = step_size / {"constant": 1, "1/k": k + 2, "1/sqrt(k)": (k + 2) ** 0.5}[schedule]
        gw, gb = subgradient(w, b, X, y, C)
        w, b = w - eta * gw, b - eta * gb
        rows.append((objective(w, b, X, y, C), w, b))
    f, w, b = min(rows, key=lambda r: r[0])
    return w, b, [r[0] for r in rows]
