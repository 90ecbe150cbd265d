# base: reference
# wrong: bound
# not in the catalogue
import numpy as np


def bound(R2, G2, alphas):
    return np.sqrt(R2 + G2 * np.sum(alphas**2)) / (2 * np.sum(alphas))
