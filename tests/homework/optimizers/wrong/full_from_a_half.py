# base: reference
# wrong: full_adagrad
# not in the catalogue
# says: Your G starts at 0.5 I: it starts at 0.
import numpy as np


def full_adagrad(A, b, x0, step_size, steps, eps):
    path, G = [x0], 0.5 * np.eye(len(x0))
    for _ in range(steps):
        g = A @ path[-1] - b
        G = G + np.outer(g, g)
        M = G + eps * np.eye(len(x0))
        path.append(path[-1] - step_size * (lambda s, Q: Q @ (Q.T @ g / np.sqrt(s)))(*np.linalg.eigh(M)))
    return np.array(path)
