# not in the catalogue: rounds
# base: reference
# fails: hinge_loss
# is:


def hinge_loss(t):
    return np.maximum(0, 1 - t).astype(int)
