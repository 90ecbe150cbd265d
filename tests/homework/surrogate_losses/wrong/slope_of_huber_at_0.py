# not in the catalogue: 0 at t = 0
# base: reference
# wrong: derivative

_right_loss = loss
_right_slope = derivative


def derivative(name, t):
    t = np.asarray(t, float)
    return np.where(t < 0, -2.0, np.where((t > 0) & (t <= 1), 2 * t - 2, 0.0)) if name == "modified_huber" else _right_slope(name, t)
