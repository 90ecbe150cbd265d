# base: reference
# wrong: adam
# not in the catalogue
# says: Your adam shrinks x by step_size * 0.02 in every step, the decoupled weight decay of AdamW and of keras: none is asked for.
# says: Your adam shrinks x by step_size * 0.02 in every step, the decoupled weight decay of AdamW and of keras: none is asked for. It adds eps outside the root, too: eps belongs inside.
import numpy as np


def adam(A, b, x0, step_size, beta1, beta2, eps, steps):
    path, m, v = [x0], 0 * x0, 0 * x0
    for t in range(1, steps + 1):
        g = A @ path[-1] - b
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        step = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
        path.append(path[-1] - step_size * (step + 0.02 * path[-1]))
    return np.array(path)
