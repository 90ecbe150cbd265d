# base: reference
# wrong: early_stopping, decay_step
# is: early_stopping_one_late, decay_step_with_a_sum


def early_stopping(valid_losses, patience):
    best = 0
    for k, v in enumerate(valid_losses):
        if v < valid_losses[best]:
            best = k
        if k - best > patience:
            return best, k
    return best, k


def decay_step(w, b, X, y, step_size, lam):
    r = X @ w + b - y
    return w * (1 - step_size * lam) - step_size * X.T @ r, b - step_size * r.sum()
