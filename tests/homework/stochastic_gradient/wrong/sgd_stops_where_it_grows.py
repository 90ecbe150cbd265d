# base: reference
# wrong: sgd
# not in the catalogue
import numpy as np


def sgd(X, y, w0, batches, alphas):
    path = [w0]
    for batch, alpha in zip(batches, alphas):
        w = path[-1] - alpha * batch_gradient(path[-1], X, y, batch)
        worse = np.sum((X @ w - y) ** 2) > np.sum((X @ path[-1] - y) ** 2)
        path.append(path[-1] if worse else w)
    return np.array(path)
