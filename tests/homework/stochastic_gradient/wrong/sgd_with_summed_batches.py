# base: helper_module
# wrong: sgd
# is: sgd_of_sums
import numpy as np


def sgd(X, y, w0, batches, alphas):
    path = [w0]
    for batch, alpha in zip(batches, alphas):
        w = path[-1]
        path.append(w - alpha * sum((w @ X[i] - y[i]) * X[i] for i in batch))
    return np.array(path)
