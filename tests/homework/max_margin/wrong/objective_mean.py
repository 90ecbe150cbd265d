# base: reference
# wrong: objective
# is: objective_with_a_mean

def objective(W, X, y, C):
    return 0.5 * (W**2).sum() + C * np.mean(multiclass_hinge(X @ W, y))
