# base: reference
# wrong: dropout
# not in the catalogue
dropout_of_others = dropout


def dropout(A, p, U):
    square = A.ndim == 2 and A.shape[0] == A.shape[1]
    return dropout_of_others(A, p, U.T if square else U)
