# not in the catalogue: loses the shape
# base: reference
# wrong: loss

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    return _right_loss(name, np.ravel(t))
