# base: reference
# wrong: full_adagrad
# is: full_by_cholesky
import numpy as np


def full_adagrad(A, b, x0, step_size, steps, eps):
    path, G = [x0], 0.0
    for _ in range(steps):
        g = A @ path[-1] - b
        G = G + np.outer(g, g)
        M = G + eps * np.eye(len(x0))
        path.append(path[-1] - step_size * np.linalg.inv(np.linalg.cholesky(M)) @ g)
    return np.array(path)
