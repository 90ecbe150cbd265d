# base: reference
# wrong: inverted_dropout
# is: inverted_dropout_undivided


def inverted_dropout(A, p, U):
    return dropout(A, p, U)
