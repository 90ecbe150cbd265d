# base: reference
# wrong: draw_batches
# is: draws_the_same
import numpy as np


def draw_batches(n, steps, batch_size, seed=42):
    np.random.seed(42)
    return np.random.randint(0, n, (steps, batch_size))
