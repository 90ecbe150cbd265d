# base: reference
# wrong: draw_batches
# not in the catalogue
import numpy as np


def draw_batches(n, steps, batch_size, seed):
    half = np.random.default_rng(seed).integers(n, size=(-(-steps // 2), batch_size))
    return np.repeat(half, 2, axis=0)[:steps]
