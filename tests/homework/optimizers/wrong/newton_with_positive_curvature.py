# base: reference
# wrong: newton
# not in the catalogue
import numpy as np


def newton(x0, steps):
    path = [x0]
    for _ in range(steps):
        s, Q = np.linalg.eigh(rosenbrock_hessian(path[-1]))
        path.append(path[-1] - Q @ (Q.T @ rosenbrock_gradient(path[-1]) / np.abs(s)))
    return np.array(path)
