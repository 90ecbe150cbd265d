# base: reference
# wrong: grid, random_configurations
# is: grid_first_name_fastest, random_with_a_new_generator


def grid(space):
    rows = [{}]
    for name, values in space.items():
        rows = [{**row, name: value} for value in values for row in rows]
    return rows


def random_configurations(space, count, seed):
    rows = []
    for _ in range(count):
        rng = np.random.default_rng(seed)
        rows.append({k: rng.uniform(*v) if isinstance(v, tuple) else rng.choice(v) for k, v in space.items()})
    return rows
