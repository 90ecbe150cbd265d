# base: generators
# wrong: backprop
# may say: ...
_in_order = backprop


def backprop(params, X, y, name, lam):
    return [(db, dW) for dW, db in _in_order(params, X, y, name, lam)]
