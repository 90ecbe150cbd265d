# base: reference
# wrong: projected_descent
# is: projected_onto_a_cube
import numpy as np


def projected_descent(A, b, x0, step_size, steps, radius):
    path = [x0]
    for _ in range(steps):
        path.append(np.clip(path[-1] - step_size * (A @ path[-1] - b), -radius, radius))
    return np.array(path)
