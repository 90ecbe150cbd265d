# base: reference
# wrong: objective
# is: objective_with_c_at_the_norm

def objective(W, X, y, C):
    return C / 2 * (W**2).sum() + multiclass_hinge(X @ W, y).sum()
