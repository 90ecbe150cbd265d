# base: reference
# fails: hinge_loss
# not in the catalogue


def hinge_loss(t):
    return np.maximum(0, 1 - t) * (t > -10)
