# base: joined_bias
# wrong: activation_gradient, backprop
# is: slope_of_relu_is_one, backprop_with_half_decay

_right_slope, _right_backprop = activation_gradient, backprop


def activation_gradient(name, a):
    return np.ones_like(a) if name == "relu" else _right_slope(name, a)


def backprop(params, X, y, name, lam):
    return _right_backprop(params, X, y, name, lam / 2)
