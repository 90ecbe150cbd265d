# base: reference
# wrong: sgd
# is: sgd_climbs
import numpy as np


def sgd(X, y, w0, batches, alphas):
    path = [w0]
    for batch, alpha in zip(batches, alphas):
        path.append(path[-1] + alpha * batch_gradient(path[-1], X, y, batch))
    return np.array(path)
