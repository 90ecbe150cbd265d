# base: reference
# wrong: fit
# may say: ...
# not in the catalogue
whole_fit = fit


def fit(X, y, W0, C, steps, step_size):
    for count in range(1, steps + 1):
        W, history = whole_fit(X, y, W0, C, count, step_size)
        if abs(history[-1] - history[-2]) < 1e-6:
            return W, np.append(history, np.full(steps - count, history[-1]))
    return whole_fit(X, y, W0, C, steps, step_size)
