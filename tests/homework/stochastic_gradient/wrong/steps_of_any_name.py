# base: classes
# wrong: step_sizes
# is: steps_of_any_schedule
import numpy as np


def step_sizes(schedule, alpha, delta, steps):
    t = np.arange(1, steps + 1)
    if schedule == "constant":
        return np.full(steps, alpha)
    if schedule == "inverse":
        return alpha / (1 + delta * t)
    return alpha / t**delta
