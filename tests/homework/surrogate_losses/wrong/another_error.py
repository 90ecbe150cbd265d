# not in the catalogue: raises KeyError
# base: reference
# wrong: loss

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    if name not in (*SURROGATES, "zero_one"):
        raise KeyError(name)
    return _right_loss(name, t)
