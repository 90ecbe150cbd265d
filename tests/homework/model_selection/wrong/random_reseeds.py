# base: reference
# wrong: random_configurations
# is: random_with_a_new_generator


def random_configurations(space, count, seed):
    rows = []
    for _ in range(count):
        rng = np.random.default_rng(seed)
        rows.append({k: rng.uniform(*v) if isinstance(v, tuple) else rng.choice(v) for k, v in space.items()})
    return rows
