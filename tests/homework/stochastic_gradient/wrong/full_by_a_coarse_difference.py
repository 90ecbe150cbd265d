# base: reference
# wrong: full_gradient
# not in the catalogue
import numpy as np


def full_gradient(w, X, y):
    def F(v):
        return np.mean((X @ v - y) ** 2) / 2

    h = 1e-3
    return np.array([(F(w + h * e) - F(w)) / h for e in np.eye(len(w))])
