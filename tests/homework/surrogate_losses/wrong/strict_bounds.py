# base: reference
# wrong: upper_bounds
# is: bounds_strictly

def upper_bounds(grid):
    return [n for n in SURROGATES if (loss(n, grid) > loss("zero_one", grid)).all()]
