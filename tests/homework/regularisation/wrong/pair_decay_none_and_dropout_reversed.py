# base: reference
# wrong: decay_step, dropout
# is: decay_step_without_decay, dropout_turned_round


def decay_step(w, b, X, y, step_size, lam):
    r = X @ w + b - y
    return w - step_size * X.T @ r / len(y), b - step_size * r.mean()


def dropout(A, p, U):
    return A * (U < p)
