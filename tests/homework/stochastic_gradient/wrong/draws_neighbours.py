# base: reference
# wrong: draw_batches
# not in the catalogue
# says: Your draw_batches draws the first example of a batch only: the others follow from it.
import numpy as np


def draw_batches(n, steps, batch_size, seed):
    first = np.random.default_rng(seed).integers(n, size=(steps, 1))
    return (first + np.arange(batch_size)) % n
