# base: reference
# wrong: step_sizes
# not in the catalogue
import numpy as np


def step_sizes(schedule, alpha, delta, steps):
    t = np.arange(1, steps + 1)
    table = {"constant": alpha + 0 * t, "inverse": alpha / (1 + delta * t), "power": alpha / t**delta}
    if schedule not in table:
        raise ValueError(schedule)
    return np.maximum(table[schedule], 0.05 * alpha)
