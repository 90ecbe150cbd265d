# base: reference
# fails: activation_example, activation
# says: Your elu lacks the - 1 below 0.

_right_activation, _right_gradient = activation, activation_gradient


def activation(name, a):
    return np.where(a > 0, a, np.exp(a)) if name == "elu" else _right_activation(name, a)


def activation_gradient(name, a):
    if name == "elu":
        return np.where(a > 0, 1.0, activation("elu", a) + 1)
    return _right_gradient(name, a)
