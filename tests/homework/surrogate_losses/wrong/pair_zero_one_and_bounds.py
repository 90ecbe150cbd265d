# base: reference
# wrong: loss, upper_bounds
# is: loss_zero_one_counts_the_right
# may say: ...

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return (t > 0) * 1.0 if name == "zero_one" else _right_loss(name, t)


def upper_bounds(grid):
    return [n for n in SURROGATES if (loss(n, grid) >= loss("zero_one", grid)).any()]
