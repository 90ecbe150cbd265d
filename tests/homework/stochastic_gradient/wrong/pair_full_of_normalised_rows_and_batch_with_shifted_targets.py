# base: reference
# wrong: full_gradient, batch_gradient
import numpy as np


def full_gradient(w, X, y):
    return (X / np.linalg.norm(X, axis=1)[:, None]).T @ (X @ w - y) / len(y)


def batch_gradient(w, X, y, indices):
    return full_gradient(w, X[indices], np.roll(y, 1)[indices])
