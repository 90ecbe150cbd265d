# base: reference
# wrong: rmsprop
# not in the catalogue
# says: Your v starts at 0.1, as AdaGrad's sum does in keras and optax: it starts at 0.
import numpy as np


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    path, v = [x0], 0.1
    for k in range(steps):
        g = A @ path[-1] - b
        v = beta * v + (1 - beta) * g**2
        path.append(path[-1] - step_size * g / np.sqrt(v + eps))
    return np.array(path)
