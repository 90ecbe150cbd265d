# base: reference
# wrong: heavy_ball
# not in the catalogue
# says: Your heavy_ball uses beta = 0.9 whatever is given.
import numpy as np


def heavy_ball(A, b, x0, step_size, beta, steps):
    path = [x0, x0]
    for _ in range(steps):
        path.append(path[-1] - step_size * (A @ path[-1] - b) + 0.9 * (path[-1] - path[-2]))
    return np.array(path[1:])
