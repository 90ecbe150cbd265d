# base: reference
# wrong: bound
# not in the catalogue
import numpy as np


def bound(R2, G2, alphas):
    return R2 / (2 * np.sum(alphas)) + G2 * np.max(alphas) / 2
