# base: reference
# fails: nonconvex_losses
# may say: ...
# not in the catalogue


def nonconvex_losses(grid):
    u, v = np.meshgrid(grid, grid)
    names = ["exponential", "hinge", "logistic", "modified_huber", "sigmoid"]
    return [name for name in names if (midpoint_gap(name, u, v) > 1e-12).any()]
