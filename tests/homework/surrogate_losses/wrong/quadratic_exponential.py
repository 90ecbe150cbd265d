# not in the catalogue: a Taylor polynomial
# base: reference
# wrong: loss

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return 1 - t + t**2 / 2 - t**3 / 6 + t**4 / 24 if name == "exponential" else _right_loss(name, t)
