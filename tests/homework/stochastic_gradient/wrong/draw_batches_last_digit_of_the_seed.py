# base: reference
# fails: draw_batches_repeats_itself
# not in the catalogue


def draw_batches(n, steps, batch_size, seed):
    return np.random.default_rng(seed % 10).integers(n, size=(steps, batch_size))
