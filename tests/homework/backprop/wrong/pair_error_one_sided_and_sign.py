# base: generators
# wrong: backprop, gradient_error
# is: backprop_with_the_wrong_sign

_right_backprop = backprop


def backprop(params, X, y, name, lam):
    return [(-dW, -db) for dW, db in _right_backprop(params, X, y, name, lam)]


def gradient_error(params, X, y, name, lam, eps):
    return 0.5 * eps
