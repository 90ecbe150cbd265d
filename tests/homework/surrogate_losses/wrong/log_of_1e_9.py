# not in the catalogue: off by more than 1e-9 far out, where nothing else is there
# base: reference
# wrong: loss

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.logaddexp(0, -t) / np.log(2) + 1e-7 if name == "logistic" else _right_loss(name, t)
