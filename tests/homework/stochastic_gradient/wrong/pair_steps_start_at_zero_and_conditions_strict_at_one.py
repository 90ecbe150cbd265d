# base: reference
# wrong: step_sizes, meets_conditions
# is: steps_from_zero, conditions_without_one
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


def meets_conditions(schedule, delta):
    p = {"constant": 0, "inverse": 0.99}.get(schedule, delta)
    return p < 1, p > 0.5
