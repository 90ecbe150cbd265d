# base: reference
# wrong: sgd
# not in the catalogue
import numpy as np


def sgd(X, y, w0, batches, alphas):
    w = w0.copy()
    path = [w]
    for batch, alpha in zip(batches, alphas):
        w -= alpha * batch_gradient(w, X, y, batch)
        path.append(w)
    return np.array(path)
