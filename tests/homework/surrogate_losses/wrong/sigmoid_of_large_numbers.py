# base: reference
# wrong: loss
# is: loss_sigmoid_overflows

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.exp(-t) / (np.exp(-t) + 1) if name == "sigmoid" else _right_loss(name, t)
