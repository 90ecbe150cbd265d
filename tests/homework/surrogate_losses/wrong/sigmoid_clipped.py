# not in the catalogue: keeps away from 0 and 1
# base: reference
# wrong: loss

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.clip(1 / (1 + np.exp(np.minimum(t, 500))), 1e-7, 1 - 1e-7) if name == "sigmoid" else _right_loss(name, t)
