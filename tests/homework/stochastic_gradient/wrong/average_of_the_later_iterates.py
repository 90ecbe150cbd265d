# base: reference
# wrong: weighted_average
# is: average_after_the_steps
import numpy as np


def weighted_average(path, alphas):
    return np.average(path[1:], axis=0, weights=alphas)
