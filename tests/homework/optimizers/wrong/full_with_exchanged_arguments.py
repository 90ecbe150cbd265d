# base: reference
# wrong: full_adagrad
# not in the catalogue
import numpy as np


def full_adagrad(A, b, x0, step_size, eps, steps):
    path, G = [x0], 0.0
    for _ in range(max(int(steps), 1)):
        g = A @ path[-1] - b
        G = G + np.outer(g, g)
        s, Q = np.linalg.eigh(G + eps * np.eye(len(x0)))
        path.append(path[-1] - step_size * Q @ (Q.T @ g / np.sqrt(s)))
    return np.array(path)
