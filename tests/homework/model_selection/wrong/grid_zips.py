# base: reference
# wrong: grid
# is: grid_pairs_the_lists


def grid(space):
    return [dict(zip(space, row)) for row in zip(*space.values())]
