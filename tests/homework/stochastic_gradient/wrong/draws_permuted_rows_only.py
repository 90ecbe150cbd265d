# base: reference
# wrong: draw_batches
# not in the catalogue
import numpy as np


def draw_batches(n, steps, batch_size, seed):
    rng = np.random.default_rng(seed)
    pool = np.arange(steps * batch_size) % n
    return rng.permutation(pool).reshape(steps, batch_size)
