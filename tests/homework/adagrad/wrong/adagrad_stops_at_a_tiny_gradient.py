# base: reference
# wrong: adagrad
# not in the catalogue
import numpy as np


def adagrad(A, b, x0, step_size, steps, eps):
    path = np.tile(np.asarray(x0, dtype=float), (steps + 1, 1))
    v = np.zeros(len(x0))
    for k in range(steps):
        g = A @ path[k] - b
        if np.linalg.norm(g) < 1e-8:
            path[k + 1 :] = path[k]
            break
        v += g**2
        path[k + 1] = path[k] - step_size * g / np.sqrt(v + eps)
    return path
