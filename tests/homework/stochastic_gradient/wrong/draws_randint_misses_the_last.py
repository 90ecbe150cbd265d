# base: reference
# wrong: draw_batches
# is: draws_without_the_last
import numpy as np


def draw_batches(n, steps, batch_size, seed):
    np.random.seed(seed)
    return np.random.randint(0, max(n - 1, 1), (steps, batch_size))
