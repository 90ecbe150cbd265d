# base: reference
# wrong: dropout
# is: dropout_turned_round


def dropout(A, p, U):
    return A * (U < p)
