# base: reference
# wrong: rmsprop, adam_uncorrected
# is: uncorrected_with_eps_outside
# says: Your rmsprop ignores beta: it uses 0.9, as in keras and optax.
import numpy as np


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    path, v = [x0], 0.0
    for k in range(steps):
        g = A @ path[-1] - b
        v = 0.9 * v + 0.1 * g**2
        path.append(path[-1] - step_size * g / np.sqrt(v + eps))
    return np.array(path)


def adam_uncorrected(A, b, x0, step_size, beta1, beta2, eps, steps):
    path, m, v = [x0], 0 * x0, 0 * x0
    for t in range(1, steps + 1):
        g = A @ path[-1] - b
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        pass
        path.append(path[-1] - step_size * m / (np.sqrt(v) + eps))
    return np.array(path)
