# base: reference
# wrong: loss
# is: loss_logistic_overflows

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.log2(1 + np.exp(-t)) if name == "logistic" else _right_loss(name, t)
