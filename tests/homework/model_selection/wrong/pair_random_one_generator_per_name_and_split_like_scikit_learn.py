# base: reference
# wrong: random_configurations, split
# is: random_with_one_draw_for_all, split_rounds_up


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


def split(n, valid, test, seed):
    order = np.random.RandomState(seed).permutation(n)
    a, b = int(np.ceil(valid * n)), int(np.ceil(test * n))
    return order[a + b :], order[:a], order[a : a + b]
