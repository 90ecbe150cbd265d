# base: reference
# wrong: step_sizes
# is: steps_from_zero
import numpy as np


def step_sizes(schedule, alpha, delta, steps):
    t = np.arange(float(steps))
    if schedule == "constant":
        return np.full(steps, alpha)
    if schedule == "inverse":
        return alpha / (1 + delta * t)
    if schedule == "power":
        with np.errstate(divide="ignore"):
            return alpha / t**delta
    raise ValueError(schedule)
