# base: reference
# wrong: sgd
# not in the catalogue
# says: Your sgd adds 0.0001 w to the gradient, the weight decay of SGD in torch, keras and scikit-learn: none is asked for.
import numpy as np


def sgd(X, y, w0, batches, alphas):
    path = [w0]
    for batch, alpha in zip(batches, alphas):
        path.append((1 - 1e-4 * alpha) * path[-1] - alpha * batch_gradient(path[-1], X, y, batch))
    return np.array(path)
