# base: reference
# wrong: adam
# not in the catalogue
# says: Your adam is AdaBelief, which optax has: another method.
import numpy as np


def adam(A, b, x0, step_size, beta1, beta2, eps, steps):
    path, m, v = [x0], 0 * x0, 0 * x0
    for t in range(1, steps + 1):
        g = A @ path[-1] - b
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        v = v + (1 - beta2) * ((g - m)**2 - g**2)
        path.append(path[-1] - step_size * m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + eps))
    return np.array(path)
