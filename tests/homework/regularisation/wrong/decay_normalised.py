# not in the catalogue: clips the gradient
# base: reference
# wrong: decay_step


def decay_step(w, b, X, y, step_size, lam):
    r = X @ w + b - y
    g = X.T @ r / len(y) + lam * w
    g /= max(1.0, np.linalg.norm(g))
    return w - step_size * g, b - step_size * r.mean()
