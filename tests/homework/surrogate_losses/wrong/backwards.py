# not in the catalogue: sorted the wrong way
# base: reference
# wrong: upper_bounds
# says: Your names are right but not in the order that is asked for.

_right = upper_bounds


def upper_bounds(grid):
    return _right(grid)[::-1]
