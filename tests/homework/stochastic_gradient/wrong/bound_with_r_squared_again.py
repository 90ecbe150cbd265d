# base: reference
# wrong: bound
# is: bound_squares_both
import numpy as np


def bound(R2, G2, alphas):
    return (R2**2 + G2**2 * np.sum(alphas**2)) / (2 * np.sum(alphas))
