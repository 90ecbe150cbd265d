# not in the catalogue: off by a thousandth
# base: reference
# wrong: derivative

_right_loss = loss
_right_slope = derivative


def derivative(name, t):
    t = np.asarray(t, float)
    return -(_right_loss('sigmoid', t) * (1 - _right_loss('sigmoid', t)) + 1e-3) if name == "sigmoid" else _right_slope(name, t)
