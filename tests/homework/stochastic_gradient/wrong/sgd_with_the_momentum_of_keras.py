# base: reference
# wrong: sgd
# not in the catalogue
# says: Your sgd has momentum 0.8 with the step size inside it, as keras and scikit-learn have it: none is asked for.
import numpy as np


def sgd(X, y, w0, batches, alphas):
    path, velocity = [w0], 0 * w0
    for batch, alpha in zip(batches, alphas):
        velocity = 0.8 * velocity - alpha * batch_gradient(path[-1], X, y, batch)
        path.append(path[-1] + velocity)
    return np.array(path)
