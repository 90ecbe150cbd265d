# base: reference
# wrong: decay_step
# is: decay_step_without_decay


def decay_step(w, b, X, y, step_size, lam):
    r = X @ w + b - y
    return w - step_size * X.T @ r / len(y), b - step_size * r.mean()
