# not in the catalogue: nearly a hinge
# base: reference
# wrong: loss

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.log1p(np.exp(np.minimum(20 * (1 - t), 500))) / 20 if name == "hinge" else _right_loss(name, t)
