# base: reference
# wrong: loss
# is: loss_sigmoid_rises


_right_loss = loss
_right_slope = derivative


def loss(name, t):
    return 1 / (1 + np.exp(-np.clip(t, -700, 700))) if name == "sigmoid" else _right_loss(name, t)


def derivative(name, t):
    s = loss("sigmoid", t)
    if name == "logistic":
        return -s / np.log(2)
    return -s * (1 - s) if name == "sigmoid" else _right_slope(name, t)
