# base: reference
# wrong: inverted_dropout
# is: inverted_dropout_by_the_share


def inverted_dropout(A, p, U):
    keep = U >= p
    return A * keep / max(keep.mean(), 1e-9)
