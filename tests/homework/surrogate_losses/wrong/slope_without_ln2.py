# base: reference
# wrong: derivative
# is: derivative_slope_of_the_natural_logarithm

_right_loss = loss
_right_slope = derivative


def derivative(name, t):
    t = np.asarray(t, float)
    return -1 / (1 + np.exp(t)) if name == "logistic" else _right_slope(name, t)
