# base: reference
# wrong: heavy_ball
# not in the catalogue
import numpy as np


def heavy_ball(A, b, x0, step_size, beta, steps):
    path = [x0, x0, x0]
    for _ in range(steps):
        path.append(path[-1] - step_size * (A @ path[-1] - b) + beta * (path[-2] - path[-3]))
    return np.array(path[2:])
