# base: reference
# wrong: full_gradient
# not in the catalogue
import numpy as np


def full_gradient(w, X, y):
    return (X / np.linalg.norm(X, axis=1)[:, None]).T @ (X @ w - y) / len(y)
