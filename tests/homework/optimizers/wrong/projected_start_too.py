# base: reference
# wrong: projected_descent
# is: projected_from_the_start
import numpy as np


def projected_descent(A, b, x0, step_size, steps, radius):
    def ball(x):
        return x / max(1, np.linalg.norm(x) / radius)

    path = [ball(x0)]
    for _ in range(steps):
        path.append(ball(path[-1] - step_size * (A @ path[-1] - b)))
    return np.array(path)
