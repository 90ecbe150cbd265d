# not in the catalogue: rounds
# base: reference
# wrong: hinge_loss


def hinge_loss(t):
    return np.maximum(0, 1 - t).astype(int)
