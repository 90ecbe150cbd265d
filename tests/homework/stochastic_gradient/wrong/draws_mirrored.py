# base: reference
# fails: draws_are_independent
# not in the catalogue
import numpy as np


def draw_batches(n, steps, batch_size, seed):
    half = np.random.default_rng(seed).integers(n, size=(steps, (batch_size + 1) // 2))
    return np.hstack([half, n - 1 - half])[:, :batch_size]
