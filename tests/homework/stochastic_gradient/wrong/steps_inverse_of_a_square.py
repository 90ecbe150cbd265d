# base: reference
# wrong: step_sizes
# not in the catalogue
import numpy as np


def step_sizes(schedule, alpha, delta, steps):
    t = np.arange(1, steps + 1)
    if schedule == "inverse":
        return alpha / (1 + delta * t) ** 2
    if schedule == "constant":
        return np.full(steps, alpha)
    if schedule == "power":
        return alpha / t**delta
    raise ValueError(schedule)
