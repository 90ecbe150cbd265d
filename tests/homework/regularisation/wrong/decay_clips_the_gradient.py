# base: reference
# wrong: decay_step
# not in the catalogue: the gradient is cut at the length 5, as if it might explode


def decay_step(w, b, X, y, step_size, lam):
    r = X @ w + b - y
    g = X.T @ r / len(y)
    g = g / max(1.0, np.linalg.norm(g) / 5)
    return w * (1 - step_size * lam) - step_size * g, b - step_size * r.mean()
