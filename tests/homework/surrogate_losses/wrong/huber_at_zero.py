# not in the catalogue: t = 0 falls through the branches
# base: reference
# wrong: loss

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.where(t < 0, 1 - 2 * t, np.where((0 < t) & (t <= 1), (t - 1) ** 2, 0)) if name == "modified_huber" else _right_loss(name, t)
