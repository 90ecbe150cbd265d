# base: reference
# wrong: features, grid
# is: features_transposed, grid_pairs_the_lists


def features(x, degree):
    return np.array([x**p for p in range(degree + 1)])


def grid(space):
    return [dict(zip(space, row)) for row in zip(*space.values())]
