# base: generators
# wrong: backprop
# may say: db of layer 1 is multiplied by 2
# not in the catalogue

_right_backprop = backprop


def backprop(params, X, y, name, lam):
    grads = _right_backprop(params, X, y, name, lam)
    return [(dW, 2 * db) for dW, db in grads[:-1]] + grads[-1:]
