# base: reference
# wrong: random_configurations
# not in the catalogue
import numpy as np


def random_configurations(space, count, seed):
    rng = np.random.default_rng(seed); cols = {}
    for k, v in space.items():
        if isinstance(v, tuple): cols[k] = rng.uniform(*v, count)
        else:
            reps = -(-count // len(v)); cols[k] = [v[i] for i in rng.permutation(np.tile(np.arange(len(v)), reps))[:count]]
    return [{k: c[i] for k, c in cols.items()} for i in range(count)]
