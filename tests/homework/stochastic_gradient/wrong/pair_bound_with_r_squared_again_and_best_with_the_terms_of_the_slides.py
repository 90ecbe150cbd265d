# base: reference
# wrong: bound, best_constant_step
# is: bound_squares_both, best_with_one_more
import numpy as np


def bound(R2, G2, alphas):
    return (R2**2 + G2**2 * np.sum(alphas**2)) / (2 * np.sum(alphas))


def best_constant_step(R2, G2, steps):
    return np.sqrt(R2 / (G2 * (steps + 1)))
