# not in the catalogue: 0 / 0 at the corner
# base: reference
# wrong: derivative

_right_loss = loss
_right_slope = derivative


def derivative(name, t):
    t = np.asarray(t, float)
    return -(1 - t) / np.abs(1 - t) * (t <= 1) if name == "hinge" else _right_slope(name, t)
