# not in the catalogue: the last choice never comes
# base: reference
# wrong: random_configurations


def random_configurations(space, count, seed):
    rng = np.random.default_rng(seed)

    def draw(v):
        return rng.uniform(*v) if isinstance(v, tuple) else v[rng.integers(max(len(v) - 1, 1))]

    return [{name: draw(v) for name, v in space.items()} for _ in range(count)]
