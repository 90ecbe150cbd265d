# base: reference
# wrong: sgd, weighted_average
# is: sgd_climbs, average_after_the_steps
import numpy as np


def sgd(X, y, w0, batches, alphas):
    path = [w0]
    for batch, alpha in zip(batches, alphas):
        path.append(path[-1] + alpha * batch_gradient(path[-1], X, y, batch))
    return np.array(path)


def weighted_average(path, alphas):
    return np.average(path[1:], axis=0, weights=alphas)
