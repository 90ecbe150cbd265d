# not in the catalogue: loses the shape
# base: reference
# wrong: hinge_loss


def hinge_loss(t):
    return np.array([max(0.0, 1 - s) for s in t.ravel()])
