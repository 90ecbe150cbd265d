# not in the catalogue: hinge_loss is right and not used
# base: reference
# wrong: objective


def objective(w, b, X, y, C):
    return w @ w / 2 + C * np.maximum(0, -y * (X @ w + b)).sum()
