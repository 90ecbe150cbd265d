# base: reference
# wrong: loss, derivative
# is: loss_scikit_learns_huber, derivative_slope_of_scikit_learns_huber

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.where(t < -1, -4 * t, np.maximum(0, 1 - t) ** 2) if name == "modified_huber" else _right_loss(name, t)


def derivative(name, t):
    t = np.asarray(t, float)
    return np.where(t < -1, -4.0, -2 * np.maximum(0, 1 - t)) if name == "modified_huber" else _right_slope(name, t)
