# base: reference
# wrong: full_gradient
# not in the catalogue
import numpy as np


def full_gradient(w, X, y):
    return np.squeeze(X.T @ (X @ w - y) / len(y))
