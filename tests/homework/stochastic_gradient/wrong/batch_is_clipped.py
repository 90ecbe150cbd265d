# base: classes
# wrong: batch_gradient
# not in the catalogue
import numpy as np


def batch_gradient(w, X, y, indices):
    g = full_gradient(w, X[indices], y[indices])
    return g / max(1.0, np.linalg.norm(g) / 2.0)
