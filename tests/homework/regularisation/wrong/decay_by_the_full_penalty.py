# base: reference
# wrong: decay_step
# is: decay_step_by_twice_lam


def decay_step(w, b, X, y, step_size, lam):
    r = X @ w + b - y
    g = X.T @ r / len(y) + 2 * lam * w
    return w - step_size * g, b - step_size * np.mean(r)
