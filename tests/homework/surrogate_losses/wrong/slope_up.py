# base: reference
# wrong: derivative
# is: derivative_exponential_slope_rises

_right_loss = loss
_right_slope = derivative


def derivative(name, t):
    t = np.asarray(t, float)
    return np.exp(-t) if name == "exponential" else _right_slope(name, t)
