# not in the catalogue: no weight changes its sign
# base: reference
# wrong: decay_step


def decay_step(w, b, X, y, step_size, lam):
    r = X @ w + b - y
    new = (1 - step_size * lam) * w - step_size * X.T @ r / len(y)
    return np.where(new * w < 0, 0.0, new), b - step_size * r.mean()
