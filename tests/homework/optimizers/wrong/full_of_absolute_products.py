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
        path.append(path[-1] - step_size * (lambda s, Q: Q @ (Q.T @ g / np.sqrt(np.abs(s))))(*np.linalg.eigh(np.abs(M))))
    return np.array(path)
