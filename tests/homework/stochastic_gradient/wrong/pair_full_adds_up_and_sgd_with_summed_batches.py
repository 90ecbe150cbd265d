# base: reference
# wrong: full_gradient
# is: full_is_a_sum, sgd_of_sums
import numpy as np


def full_gradient(w, X, y):
    g = np.zeros(len(w))
    for i in range(len(y)):
        g += (w @ X[i] - y[i]) * X[i]
    return g


def sgd(X, y, w0, batches, alphas):
    path = [w0]
    for batch, alpha in zip(batches, alphas):
        w = path[-1]
        path.append(w - alpha * sum((w @ X[i] - y[i]) * X[i] for i in batch))
    return np.array(path)
