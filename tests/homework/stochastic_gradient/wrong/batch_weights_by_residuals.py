# base: reference
# wrong: batch_gradient
# not in the catalogue
import numpy as np


def batch_gradient(w, X, y, indices):
    r = X[indices] @ w - y[indices]
    return X[indices].T @ r / np.abs(r).sum()
