# base: reference
# wrong: decay_step
# is: decay_step_without_the_step


def decay_step(w, b, X, y, step_size, lam):
    r = X @ w + b - y
    return (1 - lam) * w - step_size * X.T @ r / len(y), b - step_size * r.mean()
