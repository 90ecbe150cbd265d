# base: reference
# wrong: batch_gradient, gradient_variance
# is: batch_by_n, variance_by_one_less
import numpy as np


def batch_gradient(w, X, y, indices):
    return X[indices].T @ (X[indices] @ w - y[indices]) / len(y)


def gradient_variance(w, X, y, batch_size):
    G = X * (X @ w - y)[:, None]
    with np.errstate(all="ignore"):
        return np.sum((G - G.mean(0)) ** 2) / np.float64(len(y) - 1) / batch_size
