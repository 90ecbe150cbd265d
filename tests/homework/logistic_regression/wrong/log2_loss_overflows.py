# base: vectorised
# fails: log2_loss_far_from_0, log2_loss
# is: log2_loss_overflows


def log2_loss(t):
    return np.log2(1 + np.exp(-t))
