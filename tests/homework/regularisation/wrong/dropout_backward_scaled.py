# base: reference
# wrong: dropout_backward
# is: dropout_backward_divided


def dropout_backward(dY, p, U):
    return dY * (U >= p) / (1 - p if p < 1 else 1)
