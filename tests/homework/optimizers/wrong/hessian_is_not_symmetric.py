# base: reference
# wrong: rosenbrock_hessian
# not in the catalogue
import numpy as np


def rosenbrock_hessian(x):
    return np.array([[2 - 400 * (x[1] - 3 * x[0] ** 2), -400 * x[0]], [-400, 200]])
