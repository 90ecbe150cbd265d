# base: vectorised
# wrong: log2_loss
# not in the catalogue


def log2_loss(t):
    return np.maximum(0, 1 - t) ** 2
