# base: joined_bias
# wrong: activation_gradient
# not in the catalogue

_right_slope = activation_gradient


def activation_gradient(name, a):
    return 1 / np.cosh(a) if name == "tanh" else _right_slope(name, a)
