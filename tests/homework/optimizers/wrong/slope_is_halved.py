# base: changes_inputs
# wrong: rosenbrock_gradient
# not in the catalogue
import numpy as np


def rosenbrock_gradient(x):
    u = x[1] - x[0] ** 2
    return np.array([x[0] - 1 - 200 * x[0] * u, 100 * u])
