# not in the catalogue: a clipped normal
# base: reference
# wrong: random_configurations


def random_configurations(space, count, seed):
    rng = np.random.default_rng(seed)

    def draw(v):
        if isinstance(v, tuple):
            return float(np.clip(rng.normal((v[0] + v[1]) / 2, (v[1] - v[0]) / 4), *v))
        return v[rng.integers(len(v))]

    return [{name: draw(v) for name, v in space.items()} for _ in range(count)]
