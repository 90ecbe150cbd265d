# base: reference
# wrong: gradient_variance
# not in the catalogue
import numpy as np


def gradient_variance(w, X, y, batch_size):
    G = X * (X @ w - y)[:, None]
    return np.mean(np.sum(G**2, axis=1)) / batch_size - np.sum(G.mean(0) ** 2)
