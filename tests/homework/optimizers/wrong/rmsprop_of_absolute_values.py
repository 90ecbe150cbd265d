# base: reference
# wrong: rmsprop
# not in the catalogue
import numpy as np


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    path, v = [x0], 0.0
    for k in range(steps):
        g = A @ path[-1] - b
        v = beta * v + (1 - beta) * np.abs(g)
        path.append(path[-1] - step_size * g / (v + eps))
    return np.array(path)
