# base: classes
# wrong: backprop, gradient_error, train
# not in the catalogue

_pairs_of = backprop


def backprop(params, X, y, name, lam):
    return [{"dW": dW, "db": db} for dW, db in _pairs_of(params, X, y, name, lam)]
