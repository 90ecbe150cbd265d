# base: joined_bias
# wrong: backprop
# may say: weight decay in dW of layer 1 is missing
# not in the catalogue

_right_backprop = backprop


def backprop(params, X, y, name, lam):
    first = _right_backprop(params, X, y, name, 0.0)[:1]
    return first + _right_backprop(params, X, y, name, lam)[1:]
