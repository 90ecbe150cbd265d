# base: reference
# wrong: draw_batches
# is: draws_without_replacement
import numpy as np


def draw_batches(n, steps, batch_size, seed):
    rng = np.random.default_rng(seed)
    if batch_size > n:
        return rng.choice(n, size=(steps, batch_size))
    return np.array([rng.choice(n, size=batch_size, replace=False) for _ in range(steps)])
