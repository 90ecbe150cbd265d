# not in the catalogue: +1/2 at the corner
# base: reference
# wrong: derivative

_right_loss = loss
_right_slope = derivative


def derivative(name, t):
    t = np.asarray(t, float)
    return np.where(t < 1, -1.0, np.where(t == 1, 0.5, 0.0)) if name == "hinge" else _right_slope(name, t)
