# base: reference
# wrong: rosenbrock_hessian
# not in the catalogue
import numpy as np


def rosenbrock_hessian(x):
    g = rosenbrock_gradient(x)
    return np.array([(rosenbrock_gradient(x + 0.01 * e) - g) / 0.01 for e in np.eye(2)])
