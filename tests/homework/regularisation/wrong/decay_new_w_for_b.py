# base: reference
# wrong: decay_step
# is: decay_step_b_by_the_new_w


def decay_step(w, b, X, y, step_size, lam):
    w = (1 - step_size * lam) * w - step_size * X.T @ (X @ w + b - y) / len(y)
    return w, b - step_size * np.mean(X @ w + b - y)
