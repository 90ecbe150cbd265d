# base: reference
# wrong: rmsprop
# not in the catalogue
# says: Your rmsprop ignores beta: it uses 0.9, as in keras and optax.
import numpy as np


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    path, v = [x0], 0.0
    for k in range(steps):
        g = A @ path[-1] - b
        v = 0.9 * v + 0.1 * g**2
        path.append(path[-1] - step_size * g / np.sqrt(v + eps))
    return np.array(path)
