# base: helper_module
# wrong: loss
# is: loss_hinge_of_the_perceptron

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.where(t < 0, -t, 0) if name == "hinge" else _right_loss(name, t)
