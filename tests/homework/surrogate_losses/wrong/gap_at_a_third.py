# not in the catalogue: a third of the way
# base: reference
# wrong: midpoint_gap

def midpoint_gap(name, u, v):
    return loss(name, (2 * u + v) / 3) - (2 * loss(name, u) + loss(name, v)) / 3
