# base: reference
# fails: dropout_example, dropout_of_nothing_and_of_everything, dropout
# not in the catalogue


def dropout(A, p, U):
    return A * (U >= p) / (1 - p)
