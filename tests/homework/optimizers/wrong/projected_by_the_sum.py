# base: reference
# wrong: projected_descent
# not in the catalogue
import numpy as np


def projected_descent(A, b, x0, step_size, steps, radius):
    path = [x0]
    for _ in range(steps):
        y = path[-1] - step_size * (A @ path[-1] - b)
        y = y / max(1, np.abs(y).sum() / radius)
        path.append(y)
    return np.array(path)
