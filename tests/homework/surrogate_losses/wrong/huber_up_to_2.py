# not in the catalogue: its last branch begins at 2
# base: reference
# wrong: loss

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.where(t <= 0, 1 - 2 * t, np.where(t <= 2, (t - 1) ** 2, 0)) if name == "modified_huber" else _right_loss(name, t)
