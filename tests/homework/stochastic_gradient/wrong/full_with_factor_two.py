# base: scalar_loops
# wrong: full_gradient
# is: full_is_doubled


def full_gradient(w, X, y):
    return 2 / len(y) * X.T @ (X @ w - y)
