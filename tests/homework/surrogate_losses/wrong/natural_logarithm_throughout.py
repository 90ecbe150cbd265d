# base: reference
# wrong: loss, derivative
# is: loss_natural_logarithm, derivative_slope_of_the_natural_logarithm

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.logaddexp(0, -t) if name == "logistic" else _right_loss(name, t)


def derivative(name, t):
    return -1 / (1 + np.exp(t)) if name == "logistic" else _right_slope(name, t)
