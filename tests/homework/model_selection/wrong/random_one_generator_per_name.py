# base: reference
# wrong: random_configurations
# is: random_with_one_draw_for_all


def random_configurations(space, count, seed):
    columns = {}
    for name, values in space.items():
        rng = np.random.default_rng(seed)
        columns[name] = (
            rng.uniform(*values, size=count)
            if isinstance(values, tuple)
            else [values[int(u * len(values))] for u in rng.random(count)]
        )
    return [{name: columns[name][k] for name in space} for k in range(count)]
