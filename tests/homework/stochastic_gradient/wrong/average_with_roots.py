# base: reference
# wrong: weighted_average
# not in the catalogue
import numpy as np


def weighted_average(path, alphas):
    return np.average(path[:-1], axis=0, weights=np.sqrt(alphas))
