# not in the catalogue: a ramp
# base: reference
# fails: hinge_loss
# is:


def hinge_loss(t):
    return np.clip(1 - t, 0, 1)
