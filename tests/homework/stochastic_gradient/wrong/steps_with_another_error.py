# base: reference
# wrong: step_sizes
# not in the catalogue
import numpy as np


def step_sizes(schedule, alpha, delta, steps):
    t = np.arange(1, steps + 1)
    return {"constant": alpha + 0 * t, "inverse": alpha / (1 + delta * t), "power": alpha / t**delta}[
        schedule
    ]
