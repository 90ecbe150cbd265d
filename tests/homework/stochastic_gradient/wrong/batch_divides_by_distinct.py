# base: float32
# wrong: batch_gradient
# not in the catalogue
import numpy as np


def batch_gradient(w, X, y, indices):
    r = X[indices] @ w - y[indices]
    return X[indices].T @ r / len(np.unique(indices))
