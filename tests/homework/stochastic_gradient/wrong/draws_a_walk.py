# base: reference
# wrong: draw_batches
# not in the catalogue
import numpy as np


def draw_batches(n, steps, batch_size, seed):
    moves = np.random.default_rng(seed).integers(-1, 2, size=steps * batch_size)
    return (np.cumsum(moves) % n).reshape(steps, batch_size)
