# base: reference
# wrong: decay_step
# is: decay_step_with_a_sum


def decay_step(w, b, X, y, step_size, lam):
    r = X @ w + b - y
    return w * (1 - step_size * lam) - step_size * X.T @ r, b - step_size * r.sum()
