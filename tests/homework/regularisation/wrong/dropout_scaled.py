# base: reference
# wrong: dropout
# is: dropout_inverted


def dropout(A, p, U):
    keep = U >= p
    return A * keep / (1 - p) if p < 1 else A * 0
