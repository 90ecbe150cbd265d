# base: reference
# wrong: newton
# not in the catalogue
import numpy as np


def newton(x0, steps):
    path = [x0]
    for _ in range(steps):
        H = rosenbrock_hessian(path[-1]) + 1.0 * np.eye(2)
        path.append(path[-1] - np.linalg.solve(H, rosenbrock_gradient(path[-1])))
    return np.array(path)
