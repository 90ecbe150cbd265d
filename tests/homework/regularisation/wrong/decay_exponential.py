# not in the catalogue: exp(-step lam)
# base: reference
# wrong: decay_step


def decay_step(w, b, X, y, step_size, lam):
    r = X @ w + b - y
    return np.exp(-step_size * lam) * w - step_size * X.T @ r / len(y), b - step_size * r.mean()
