# base: reference
# wrong: heavy_ball
# not in the catalogue
import numpy as np


def heavy_ball(A, b, x0, step_size, beta, steps):
    path, v = [x0], 0 * x0
    for _ in range(steps):
        g = A @ path[-1] - b
        v = beta * v * (g @ v <= 0) - step_size * g
        path.append(path[-1] + v)
    return np.array(path)
