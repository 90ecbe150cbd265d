# not in the catalogue: sorts the values
# base: reference
# wrong: grid


def grid(space):
    return [dict(zip(space, row)) for row in itertools.product(*map(sorted, space.values()))]
