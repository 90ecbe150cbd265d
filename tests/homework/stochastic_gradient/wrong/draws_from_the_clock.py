# base: reference
# wrong: draw_batches
# is: draws_anything
import numpy as np


import time


def draw_batches(n, steps, batch_size, seed):
    return np.random.default_rng(time.time_ns()).integers(n, size=(steps, batch_size))
