# not in the catalogue: an L1 norm
# base: reference
# fails: objective
# is:


def objective(w, b, X, y, C):
    return np.abs(w).sum() + C * hinge_loss(y * (X @ w + b)).sum()
