# base: reference
# wrong: loss
# is: loss_sigmoid_rises

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return 0.5 + 0.5 * np.tanh(t / 2) if name == "sigmoid" else _right_loss(name, t)
