# base: reference
# wrong: dropout
# is: dropout_with_a_strict_bound


def dropout(A, p, U):
    return A * (U > p)
