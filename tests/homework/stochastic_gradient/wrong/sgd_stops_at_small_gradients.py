# base: reference
# wrong: sgd
# not in the catalogue
import numpy as np


def sgd(X, y, w0, batches, alphas):
    path = [w0]
    for batch, alpha in zip(batches, alphas):
        g = batch_gradient(path[-1], X, y, batch)
        path.append(path[-1] - alpha * g if np.linalg.norm(g) > 1e-6 else path[-1])
    return np.array(path)
