# base: reference
# wrong: midpoint_gap
# is: gap_without_brackets_in_the_middle

def midpoint_gap(name, u, v):
    return loss(name, u + v / 2) - (loss(name, u) + loss(name, v)) / 2
