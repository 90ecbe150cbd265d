# base: reference
# wrong: heavy_ball
# not in the catalogue
# says: Your heavy_ball adds 0.05 x to the gradient, as torch does with weight_decay=0.05: nothing is to be added.
import numpy as np


def heavy_ball(A, b, x0, step_size, beta, steps):
    path, velocity = [x0], 0 * x0
    for _ in range(steps):
        velocity = beta * velocity + A @ path[-1] - b + 0.05 * path[-1]
        path.append(path[-1] - step_size * velocity)
    return np.array(path)
