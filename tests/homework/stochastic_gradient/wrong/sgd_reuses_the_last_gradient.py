# base: reference
# wrong: sgd
# not in the catalogue
import numpy as np


def sgd(X, y, w0, batches, alphas):
    path = [w0]
    g = batch_gradient(w0, X, y, batches[0])
    for t in range(len(alphas)):
        path.append(path[-1] - alphas[t] * g)
        g = batch_gradient(path[-2], X, y, batches[t])
    return np.array(path)
