# base: reference
# wrong: midpoint_gap, nonconvex_losses
# is: gap_without_sign, nonconvex_known_by_heart

def midpoint_gap(name, u, v):
    return np.abs(loss(name, (u + v) / 2) - (loss(name, u) + loss(name, v)) / 2)


def nonconvex_losses(grid):
    return ['sigmoid']
