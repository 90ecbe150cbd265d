# base: reference
# wrong: decay_step
# is: decay_step_with_b


def decay_step(w, b, X, y, step_size, lam):
    r = X @ w + b - y
    k = 1 - step_size * lam
    return k * w - step_size * X.T @ r / len(y), k * b - step_size * r.mean()
