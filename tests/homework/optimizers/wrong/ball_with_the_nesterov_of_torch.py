# base: reference
# wrong: heavy_ball
# is: ball_with_nesterov_of_torch
import numpy as np


def heavy_ball(A, b, x0, step_size, beta, steps):
    path, buf = [x0], None
    for _ in range(steps):
        g = A @ path[-1] - b
        buf = g if buf is None else beta * buf + g
        path.append(path[-1] - step_size * (g + beta * buf))
    return np.array(path)
