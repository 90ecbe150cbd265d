# base: odd_types
# wrong: draw_batches
# is: draws_one_batch
import numpy as np


def draw_batches(n, steps, batch_size, seed):
    return np.array([np.random.default_rng(seed).integers(n, size=batch_size) for _ in range(steps)])
