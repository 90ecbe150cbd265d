# base: reference
# wrong: rmsprop
# not in the catalogue
import numpy as np


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    path, v = [x0], None
    for k in range(steps):
        g = A @ path[-1] - b
        v = g**2 if v is None else beta * v + (1 - beta) * g**2
        path.append(path[-1] - step_size * g / np.sqrt(v + eps))
    return np.array(path)
