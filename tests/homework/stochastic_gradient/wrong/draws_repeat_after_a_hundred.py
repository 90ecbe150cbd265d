# base: reference
# wrong: draw_batches
# not in the catalogue
import numpy as np


def draw_batches(n, steps, batch_size, seed):
    part = np.random.default_rng(seed).integers(n, size=(100, batch_size))
    return np.tile(part, (-(-steps // 100), 1))[:steps]
