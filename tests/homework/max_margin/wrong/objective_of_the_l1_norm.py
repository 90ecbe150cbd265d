# not in the catalogue: absolute values in the norm
# base: reference
# wrong: objective

def objective(W, X, y, C):
    return 0.5 * np.abs(W).sum() + C * sum(multiclass_hinge(X @ W, y))
