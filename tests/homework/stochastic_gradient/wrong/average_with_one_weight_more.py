# base: reference
# wrong: weighted_average
# not in the catalogue
import numpy as np


def weighted_average(path, alphas):
    return np.append(alphas, alphas[-1]) @ path / (alphas.sum() + alphas[-1])
