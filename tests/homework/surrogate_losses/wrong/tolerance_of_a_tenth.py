# not in the catalogue: a gap of a tenth is asked for
# base: reference
# wrong: nonconvex_losses

def nonconvex_losses(grid):
    u, v = np.meshgrid(grid, grid)
    return [n for n in SURROGATES if midpoint_gap(n, u, v).max() > 0.1]
