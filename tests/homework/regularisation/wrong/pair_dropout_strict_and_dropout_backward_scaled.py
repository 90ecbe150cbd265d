# base: reference
# wrong: dropout, dropout_backward
# is: dropout_with_a_strict_bound, dropout_backward_divided


def dropout(A, p, U):
    return A * (U > p)


def dropout_backward(dY, p, U):
    return dY * (U >= p) / (1 - p if p < 1 else 1)
