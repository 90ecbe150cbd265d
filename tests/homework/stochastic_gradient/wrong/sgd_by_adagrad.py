# base: reference
# wrong: sgd
# not in the catalogue
import numpy as np


def sgd(X, y, w0, batches, alphas):
    path, v = [w0], 1e-8
    for batch, alpha in zip(batches, alphas):
        g = batch_gradient(path[-1], X, y, batch)
        v = v + g**2
        path.append(path[-1] - alpha * g / np.sqrt(v))
    return np.array(path)
