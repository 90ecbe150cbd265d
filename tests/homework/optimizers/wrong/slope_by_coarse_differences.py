# base: reference
# wrong: rosenbrock_gradient
# not in the catalogue
import numpy as np


def rosenbrock_gradient(x):
    x = np.array(x, float)
    return np.array([(rosenbrock(x + h) - rosenbrock(x)) / 1e-3 for h in 1e-3 * np.eye(2)])
