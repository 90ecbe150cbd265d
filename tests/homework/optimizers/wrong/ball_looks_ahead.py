# base: other_formulas
# wrong: heavy_ball
# is: ball_of_nesterov
import numpy as np


def heavy_ball(A, b, x0, step_size, beta, steps):
    path, v = [x0], 0 * x0
    for _ in range(steps):
        v = beta * v - step_size * (A @ (path[-1] + beta * v) - b)
        path.append(path[-1] + v)
    return np.array(path)
