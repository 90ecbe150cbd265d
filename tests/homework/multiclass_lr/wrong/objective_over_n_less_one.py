# base: vectorised
# fails: objective_example, objective


def objective(W, b, X, y):
    return -log_likelihood(W, b, X, y) / (len(y) - 1)
