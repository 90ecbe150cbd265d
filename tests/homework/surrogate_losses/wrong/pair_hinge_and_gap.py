# base: reference
# wrong: loss, midpoint_gap
# is: loss_hinge_of_the_perceptron, gap_turned_round

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.maximum(0, -t) if name == "hinge" else _right_loss(name, t)


def midpoint_gap(name, u, v):
    return loss(name, u) / 2 + loss(name, v) / 2 - loss(name, (u + v) / 2)
