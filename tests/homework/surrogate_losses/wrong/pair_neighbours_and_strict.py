# base: reference
# wrong: nonconvex_losses, upper_bounds
# is: nonconvex_of_neighbours, bounds_strictly

def nonconvex_losses(grid):
    g = np.sort(grid)
    return [n for n in SURROGATES if (midpoint_gap(n, g[1:], g[:-1]) > 1e-6).any()]


def upper_bounds(grid):
    return [n for n in SURROGATES if (loss(n, grid) > loss("zero_one", grid)).all()]
