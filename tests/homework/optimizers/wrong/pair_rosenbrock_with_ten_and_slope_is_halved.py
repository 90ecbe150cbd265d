# base: reference
# wrong: rosenbrock, rosenbrock_gradient
import numpy as np


def rosenbrock(x):
    return (1 - x[0]) ** 2 + 10 * (x[1] - x[0] ** 2) ** 2


def rosenbrock_gradient(x):
    u = x[1] - x[0] ** 2
    return np.array([x[0] - 1 - 200 * x[0] * u, 100 * u])
