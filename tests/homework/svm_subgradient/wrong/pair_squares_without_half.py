# base: reference
# wrong: objective
# is: objective_with_squares, objective_without_the_half


def objective(w, b, X, y, C):
    return w @ w + C * (hinge_loss(y * (X @ w + b)) ** 2).sum()
