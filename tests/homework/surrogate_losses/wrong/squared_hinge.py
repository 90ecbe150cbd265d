# base: reference
# wrong: loss
# is: loss_hinge_squared

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.square(np.maximum(0, 1 - t)) if name == "hinge" else _right_loss(name, t)
