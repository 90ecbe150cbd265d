# base: classes
# wrong: heavy_ball
# is: ball_of_means
import numpy as np


def heavy_ball(A, b, x0, step_size, beta, steps):
    path, m = [x0], 0 * x0
    for _ in range(steps):
        m = m + (1 - beta) * (A @ path[-1] - b - m)
        path.append(path[-1] - step_size * m)
    return np.array(path)
