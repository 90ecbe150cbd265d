# base: reference
# wrong: sgd
# not in the catalogue
import numpy as np


def sgd(X, y, w0, batches, alphas):
    path = [w0]
    w = w0
    for t, (batch, alpha) in enumerate(zip(batches, alphas)):
        w = w - alpha * batch_gradient(w, X, y, batch)
        path.append((w + (t + 1) * path[-1]) / (t + 2))
    return np.array(path)
