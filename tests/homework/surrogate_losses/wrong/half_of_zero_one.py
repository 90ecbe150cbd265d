# not in the catalogue: halved
# base: reference
# wrong: loss

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return 0.5 * (t < 0) if name == "zero_one" else _right_loss(name, t)
