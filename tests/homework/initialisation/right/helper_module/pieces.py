import numpy as np


def outer(x, d):
    return np.multiply.outer(x, d)
