# base: reference
# wrong: random_configurations
# not in the catalogue
import numpy as np


def random_configurations(space, count, seed):
    rng = np.random.default_rng(seed); cols = {}
    for k, v in space.items():
        u = (rng.permutation(count) + rng.random(count)) / count
        cols[k] = v[0] + u * (v[1] - v[0]) if isinstance(v, tuple) else [v[rng.integers(len(v))] for _ in range(count)]
    return [{k: c[i] for k, c in cols.items()} for i in range(count)]
