# base: reference
# wrong: hinge_loss
# is: hinge_loss_clipped


def hinge_loss(t):
    return np.clip(1 - t, 0, 1)
