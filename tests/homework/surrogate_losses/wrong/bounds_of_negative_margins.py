# not in the catalogue: looks at other numbers where none is negative
# base: reference
# wrong: upper_bounds
# may say: the same for every grid

def upper_bounds(grid):
    g = grid[grid < 0] if (grid < 0).any() else grid - 20
    return [n for n in SURROGATES if (loss(n, g) >= 1).all()]
