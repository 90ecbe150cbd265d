# base: reference
# wrong: best_constant_step
# not in the catalogue
import numpy as np


def best_constant_step(R2, G2, steps):
    grid = np.logspace(-4, 4, 401)
    return grid[np.argmin([bound(R2, G2, np.full(steps, h)) for h in grid])]
