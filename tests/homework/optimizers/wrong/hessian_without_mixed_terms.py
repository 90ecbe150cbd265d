# base: reference
# wrong: rosenbrock_hessian
# is: hessian_of_the_diagonal
import numpy as np


def rosenbrock_hessian(x):
    return np.diag([2 - 400 * x[1] + 1200 * x[0] ** 2, 200])
