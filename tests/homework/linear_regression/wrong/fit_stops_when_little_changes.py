# base: vectorised
# wrong: fit
# not in the catalogue


def fit(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1]), 0.0
    history = [loss(w, b, X, y, lam, penalty)]
    for step in range(steps):
        dw, db = gradient(w, b, X, y, lam, penalty)
        w, b = w - step_size * dw, b - step_size * db
        history.append(loss(w, b, X, y, lam, penalty))
        if abs(history[-1] - history[-2]) < 1e-6:
            history += [history[-1]] * (steps - step - 1)
            break
    return w, b, np.array(history)
