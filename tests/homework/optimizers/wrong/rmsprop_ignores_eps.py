# base: reference
# wrong: rmsprop
# not in the catalogue
# says: Your rmsprop ignores eps: it uses a tiny one, as the defaults of libraries are.
import numpy as np


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    path, v = [x0], 0.0
    for k in range(steps):
        g = A @ path[-1] - b
        v = beta * v + (1 - beta) * g**2
        path.append(path[-1] - step_size * g / np.sqrt(v + 1e-7))
    return np.array(path)
