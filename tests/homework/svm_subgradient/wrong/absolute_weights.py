# base: reference
# wrong: objective
# is: objective_with_absolute_values


def objective(w, b, X, y, C):
    return np.abs(w).sum() + C * hinge_loss(y * (X @ w + b)).sum()
