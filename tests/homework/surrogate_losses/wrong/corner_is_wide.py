# not in the catalogue: a threshold of 1.01
# base: reference
# wrong: derivative

_right_loss = loss
_right_slope = derivative


def derivative(name, t):
    t = np.asarray(t, float)
    return np.where(t < 1.01, -1.0, 0.0) if name == "hinge" else _right_slope(name, t)
