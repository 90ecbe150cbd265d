# base: reference
# wrong: decay_step
# not in the catalogue
def decay_step(w, b, X, y, step_size, lam):
    error = X @ w + b - y
    kept = max(1 - step_size * lam, 0.0) * w
    return kept - step_size * X.T @ error / len(y), b - step_size * error.mean()
