# base: reference
# wrong: objective
# is: objective_of_the_summed_hinge

def objective(W, X, y, C):
    return 0.5 * (W**2).sum() + C * summed_hinge(X @ W, y).sum()
