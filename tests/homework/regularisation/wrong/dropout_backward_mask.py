# not in the catalogue: the mask without dY
# base: reference
# wrong: dropout_backward


def dropout_backward(dY, p, U):
    return (U >= p) * 1.0
