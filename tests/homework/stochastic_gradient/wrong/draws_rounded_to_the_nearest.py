# base: reference
# wrong: draw_batches
# not in the catalogue
import numpy as np


def draw_batches(n, steps, batch_size, seed):
    u = np.random.default_rng(seed).random((steps, batch_size))
    return np.rint((n - 1) * u).astype(int)
