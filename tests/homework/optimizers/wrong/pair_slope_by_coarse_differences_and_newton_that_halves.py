# base: reference
# wrong: rosenbrock_gradient, newton
# is: newton_with_a_line_search
import numpy as np


def rosenbrock_gradient(x):
    x = np.array(x, float)
    return np.array([(rosenbrock(x + h) - rosenbrock(x)) / 1e-3 for h in 1e-3 * np.eye(2)])


def newton(x0, steps):
    path = [x0]
    for _ in range(steps):
        x = path[-1]
        s = np.linalg.solve(rosenbrock_hessian(x), rosenbrock_gradient(x))
        a = 1.0
        while rosenbrock(x - a * s) > rosenbrock(x) and a > 1e-10:
            a /= 2
        path.append(x - a * s)
    return np.array(path)
