# base: joined_bias
# wrong: backprop
# may say: multiplied by 1/2

_right_backprop = backprop


def backprop(params, X, y, name, lam):
    grads = _right_backprop(params, X, y, name, lam / 2)
    return [(dW, -db) for dW, db in grads]
