# base: reference
# wrong: heavy_ball, full_adagrad
# is: full_by_cholesky
# says: Your heavy_ball multiplies later gradients by 0.7, as torch does with a dampening of 0.3: they count in full.
import numpy as np


def heavy_ball(A, b, x0, step_size, beta, steps):
    path, buf = [x0], None
    for _ in range(steps):
        g = A @ path[-1] - b
        buf = g if buf is None else beta * buf + (1 - 0.3) * g
        path.append(path[-1] - step_size * buf)
    return np.array(path)


def full_adagrad(A, b, x0, step_size, steps, eps):
    path, G = [x0], 0.0
    for _ in range(steps):
        g = A @ path[-1] - b
        G = G + np.outer(g, g)
        M = G + eps * np.eye(len(x0))
        path.append(path[-1] - step_size * np.linalg.inv(np.linalg.cholesky(M)) @ g)
    return np.array(path)
