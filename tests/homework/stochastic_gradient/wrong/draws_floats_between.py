# base: reference
# wrong: draw_batches
# not in the catalogue
import numpy as np


def draw_batches(n, steps, batch_size, seed):
    return np.random.default_rng(seed).uniform(0, n - 1, size=(steps, batch_size))
