# not in the catalogue: b is an array
# base: reference
# wrong: decay_step


def decay_step(w, b, X, y, step_size, lam):
    r = X @ w + b - y
    return (1 - step_size * lam) * w - step_size * X.T @ r / len(y), b - step_size * r / len(y)
