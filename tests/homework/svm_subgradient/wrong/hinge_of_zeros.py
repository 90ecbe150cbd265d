# base: reference
# wrong: hinge_loss
# not in the catalogue


def hinge_loss(t):
    return 0 * t
