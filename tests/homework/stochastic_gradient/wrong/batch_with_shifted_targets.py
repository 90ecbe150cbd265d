# base: reference
# wrong: batch_gradient
# not in the catalogue
import numpy as np


def batch_gradient(w, X, y, indices):
    return full_gradient(w, X[indices], np.roll(y, 1)[indices])
