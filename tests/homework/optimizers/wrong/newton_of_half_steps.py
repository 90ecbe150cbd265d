# base: reference
# wrong: newton
# not in the catalogue
import numpy as np


def newton(x0, steps):
    path = [x0]
    for _ in range(steps):
        s = np.linalg.solve(rosenbrock_hessian(path[-1]), rosenbrock_gradient(path[-1]))
        path.append(path[-1] - 0.5 * s)
    return np.array(path)
