"""Shared mathematics."""

import numpy as np


def log_sum_exp(Z):
    top = np.amax(Z, axis=1)
    return top + np.log(np.sum(np.exp(Z - top[:, np.newaxis]), axis=1))


def one_hot(y, k):
    Y = np.zeros((y.size, k))
    Y[np.arange(y.size), y] = 1
    return Y
