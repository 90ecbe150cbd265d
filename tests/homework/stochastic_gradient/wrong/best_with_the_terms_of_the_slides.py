# base: reference
# wrong: best_constant_step
# is: best_with_one_more
import numpy as np


def best_constant_step(R2, G2, steps):
    return np.sqrt(R2 / (G2 * (steps + 1)))
