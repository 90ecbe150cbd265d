# base: reference
# wrong: full_adagrad
# not in the catalogue
import numpy as np


def full_adagrad(A, b, x0, step_size, steps, eps):
    path, G = [x0], 0.0
    for _ in range(steps):
        g = A @ path[-1] - b
        G = G + np.outer(g, g)
        M = G + eps * np.eye(len(x0))
        path.append(path[-1] - step_size * (lambda s, Q: Q.T @ (Q @ g / np.sqrt(s)))(*np.linalg.eigh(M)))
    return np.array(path)
