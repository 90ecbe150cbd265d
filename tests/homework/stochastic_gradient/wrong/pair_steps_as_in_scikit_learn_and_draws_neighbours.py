# base: reference
# wrong: step_sizes, draw_batches
# says: Your draw_batches draws the first example of a batch only: the others follow from it.
import numpy as np


def step_sizes(schedule, alpha, delta, steps):
    t = np.arange(1, steps + 1)
    if schedule == "constant":
        return np.full(steps, alpha)
    if schedule == "inverse":
        return 1 / (alpha * (1 / delta + t))
    if schedule == "power":
        return alpha / t**delta
    raise ValueError(schedule)


def draw_batches(n, steps, batch_size, seed):
    first = np.random.default_rng(seed).integers(n, size=(steps, 1))
    return (first + np.arange(batch_size)) % n
