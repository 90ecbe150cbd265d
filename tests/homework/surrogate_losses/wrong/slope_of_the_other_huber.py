# base: reference
# wrong: derivative
# is: derivative_slope_of_scikit_learns_huber

_right_loss = loss
_right_slope = derivative


def derivative(name, t):
    t = np.asarray(t, float)
    return np.where(t < -1, -4, -2 * np.maximum(0, 1 - t)) if name == "modified_huber" else _right_slope(name, t)
