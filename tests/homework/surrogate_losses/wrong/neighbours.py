# base: reference
# wrong: nonconvex_losses
# is: nonconvex_of_neighbours

def nonconvex_losses(grid):
    g = np.sort(grid)
    return [n for n in SURROGATES if (midpoint_gap(n, g[1:], g[:-1]) > 1e-6).any()]
