# base: reference
# wrong: objective, subgradient
# is: objective_without_b, subgradient_without_gb, subgradient_with_margins_without_b, fit_without_b


def objective(w, b, X, y, C):
    return w @ w / 2 + C * hinge_loss(y * (X @ w)).sum()


def subgradient(w, b, X, y, C):
    s = y * (y * (X @ w) < 1)
    return w - C * s @ X, 0.0
