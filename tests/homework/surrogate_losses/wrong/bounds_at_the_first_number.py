# base: reference
# fails: upper_bounds
# not in the catalogue


def upper_bounds(grid):
    names = ["exponential", "hinge", "logistic", "modified_huber", "sigmoid"]
    return [name for name in names if loss(name, grid[0]) >= loss("zero_one", grid[0])]
