# base: reference
# wrong: gradient_variance
# is: variance_by_one_less
import numpy as np


def gradient_variance(w, X, y, batch_size):
    G = X * (X @ w - y)[:, None]
    with np.errstate(all="ignore"):
        return np.sum((G - G.mean(0)) ** 2) / np.float64(len(y) - 1) / batch_size
