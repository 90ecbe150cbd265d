# not in the catalogue: right up to 100
# base: reference
# wrong: loss

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.log2(1 + np.exp(np.clip(-t, -100, 100))) if name == "logistic" else _right_loss(name, t)
