# base: reference
# wrong: objective, subgradient
# is: objective_without_labels, subgradient_without_c


def objective(w, b, X, y, C):
    return w @ w / 2 + C * hinge_loss(X @ w + b).sum()


def subgradient(w, b, X, y, C):
    s = y * (y * (X @ w + b) < 1)
    return w - s @ X, -s.sum()
