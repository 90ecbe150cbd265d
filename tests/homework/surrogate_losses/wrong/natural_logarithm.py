# base: reference
# wrong: loss
# is: loss_natural_logarithm

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.log1p(np.exp(-np.abs(t))) + np.maximum(-t, 0) if name == "logistic" else _right_loss(name, t)
