# base: reference
# wrong: midpoint_gap
# is: gap_turned_round

def midpoint_gap(name, u, v):
    return (loss(name, u) + loss(name, v)) / 2 - loss(name, (u + v) / 2)
