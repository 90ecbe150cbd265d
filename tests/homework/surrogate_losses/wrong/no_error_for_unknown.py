# not in the catalogue: any name will do
# base: reference
# wrong: loss

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    return _right_loss(name if name in (*SURROGATES, "zero_one") else "hinge", t)
