# base: reference
# wrong: full_adagrad, rosenbrock_hessian
# is: full_is_diagonal, hessian_of_the_diagonal
import numpy as np


def full_adagrad(A, b, x0, step_size, steps, eps):
    path, G = [x0], 0.0
    for _ in range(steps):
        g = A @ path[-1] - b
        G = G + np.outer(g, g)
        M = G + eps * np.eye(len(x0))
        path.append(path[-1] - step_size * g / np.sqrt(np.diag(M)))
    return np.array(path)


def rosenbrock_hessian(x):
    return np.diag([2 - 400 * x[1] + 1200 * x[0] ** 2, 200])
