# base: reference
# wrong: loss
# is: loss_scikit_learns_huber

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.where(t < -1, -4 * t, np.maximum(0, 1 - t) ** 2) if name == "modified_huber" else _right_loss(name, t)
