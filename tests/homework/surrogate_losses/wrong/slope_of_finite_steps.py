# not in the catalogue: a coarse forward difference
# base: reference
# wrong: derivative

_right_loss = loss
_right_slope = derivative


def derivative(name, t):
    t = np.asarray(t, float)
    return (np.exp(-(t + 1e-3)) - np.exp(-t)) / 1e-3 if name == "exponential" else _right_slope(name, t)
