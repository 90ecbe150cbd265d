# base: vectorised
# wrong: log2_loss
# is: log2_loss_in_nats


def log2_loss(t):
    return np.logaddexp(0, -t)
