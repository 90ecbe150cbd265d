# base: reference
# wrong: loss
# is: loss_zero_one_turns_at_1

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return (t < 1) * 1.0 if name == "zero_one" else _right_loss(name, t)
