# not in the catalogue: second differences of an uneven grid
# base: reference
# wrong: nonconvex_losses
# may say: ...

def nonconvex_losses(grid):
    g = np.sort(grid)
    return [n for n in SURROGATES if (np.diff(loss(n, g), 2) < -1e-6).any()]
