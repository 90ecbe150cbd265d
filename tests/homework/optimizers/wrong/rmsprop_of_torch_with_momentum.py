# base: reference
# wrong: rmsprop
# not in the catalogue
# says: Your rmsprop has momentum 0.6, as torch, keras and optax have with momentum=0.6: none is asked for.
# says: Your rmsprop has momentum 0.6, as torch, keras and optax have with momentum=0.6: none is asked for. It adds eps outside the root, too: eps belongs inside.
import numpy as np


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    path, v, moved = [x0], 0 * x0, 0 * x0
    for _ in range(steps):
        g = A @ path[-1] - b
        v = beta * v + (1 - beta) * g**2
        moved = 0.6 * moved + g / (np.sqrt(v) + eps)
        path.append(path[-1] - step_size * moved)
    return np.array(path)
