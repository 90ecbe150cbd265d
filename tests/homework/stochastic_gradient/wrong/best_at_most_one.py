# base: reference
# wrong: best_constant_step
# not in the catalogue
import numpy as np


def best_constant_step(R2, G2, steps):
    return min(1.0, np.sqrt(R2 / (G2 * steps)))
