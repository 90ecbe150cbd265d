# base: reference
# wrong: objective, margin
# is: objective_without_the_half, margin_squared


def objective(w, b, X, y, C):
    return w @ w + C * hinge_loss(y * (X @ w + b)).sum()


def margin(w):
    return 2 / (w @ w)
