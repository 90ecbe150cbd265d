# base: joined_bias
# wrong: backprop
# not in the catalogue

_right_backprop = backprop


def backprop(params, X, y, name, lam):
    grads = _right_backprop(params, X, y, name, lam)
    return [(np.clip(dW, -0.1, 0.1), np.clip(db, -0.1, 0.1)) for dW, db in grads]
