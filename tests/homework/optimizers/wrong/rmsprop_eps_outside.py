# base: reference
# wrong: rmsprop
# is: rmsprop_of_torch
import numpy as np


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    path, v = [x0], 0
    for _ in range(steps):
        g = A @ path[-1] - b
        v = beta * v + (1 - beta) * g**2
        path.append(path[-1] - step_size * g / (np.sqrt(v) + eps))
    return np.array(path)
