# base: scalar_loops
# wrong: backprop
# is: backprop_of_the_sum

_right_backprop = backprop


def backprop(params, X, y, name, lam):
    n = len(X)
    scaled = _right_backprop(params, X, y, name, lam / n)
    return [
        ([[v * n for v in row] for row in dW], [v * n for v in db]) for dW, db in scaled
    ]
