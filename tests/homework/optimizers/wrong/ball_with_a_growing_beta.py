# base: reference
# wrong: heavy_ball
# not in the catalogue
import numpy as np


def heavy_ball(A, b, x0, step_size, beta, steps):
    path = [x0, x0]
    for k in range(steps):
        part = beta * k / (k + 3)
        path.append(path[-1] - step_size * (A @ path[-1] - b) + part * (path[-1] - path[-2]))
    return np.array(path[1:])
