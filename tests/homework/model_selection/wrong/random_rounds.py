# not in the catalogue: rounded to one place
# base: reference
# wrong: random_configurations


def random_configurations(space, count, seed):
    rng = np.random.default_rng(seed)

    def draw(v):
        return round(rng.uniform(*v), 1) if isinstance(v, tuple) else v[rng.integers(len(v))]

    return [{name: draw(v) for name, v in space.items()} for _ in range(count)]
