# not in the catalogue: a dictionary
# base: reference
# wrong: nonconvex_losses

_right = nonconvex_losses


def nonconvex_losses(grid):
    return {name: True for name in _right(grid)}
