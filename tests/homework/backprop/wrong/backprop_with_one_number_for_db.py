# base: generators
# wrong: backprop
# may say: ...
# not in the catalogue
whole_backprop = backprop


def backprop(params, X, y, name, lam):
    return [(dW, db.sum()) for dW, db in whole_backprop(params, X, y, name, lam)]
