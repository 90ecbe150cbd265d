# base: reference
# wrong: dropout
# is: dropout_with_a_strict_bound
# The other two call it and are right.
import numpy as np


def dropout(A, p, U):
    return np.where(U > p, A, 0)
def inverted_dropout(A, p, U):
    return dropout(A, p, U) / (1 - p)
def dropout_backward(dY, p, U):
    return dropout(dY, p, U)
