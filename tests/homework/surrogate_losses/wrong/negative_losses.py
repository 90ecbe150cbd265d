# not in the catalogue: rewards
# base: reference
# wrong: loss
# may say: ...

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    return -_right_loss(name, t)
