# base: reference
# wrong: fit
# may say: ...
# not in the catalogue
whole_fit = fit


def fit(X, y, C, steps, step_size, schedule):
    for count in range(1, steps + 1):
        w, b, history = whole_fit(X, y, C, count, step_size, schedule)
        if abs(history[-1] - history[-2]) < 1e-6:
            return w, b, np.append(history, np.full(steps - count, history[-1]))
    return whole_fit(X, y, C, steps, step_size, schedule)
