# base: reference
# wrong: dropout_backward
# is: dropout_backward_without_a_mask


def dropout_backward(dY, p, U):
    return dY
