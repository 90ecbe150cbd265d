# base: reference
# fails: descent_takes_every_step
# not in the catalogue
import numpy as np


def gradient_descent(A, b, x0, step_size, steps):
    path = np.tile(np.asarray(x0, dtype=float), (steps + 1, 1))
    for k in range(steps):
        g = A @ path[k] - b
        if np.linalg.norm(g) < 1e-12:
            path[k + 1 :] = path[k]
            break
        path[k + 1] = path[k] - step_size * g
    return path
