# not in the catalogue: the last row of W counts as offsets
# base: reference
# wrong: objective

def objective(W, X, y, C):
    return 0.5 * (W[:-1] ** 2).sum() + C * sum(multiclass_hinge(X @ W, y))
