# base: reference
# wrong: gradient_variance
# not in the catalogue
import numpy as np


def gradient_variance(w, X, y, batch_size):
    G = X * (X @ w - y)[:, None]
    return np.sum((G - np.median(G, axis=0)) ** 2) / len(y) / batch_size
