# base: vectorised
# wrong: log2_loss
# not in the catalogue


def log2_loss(t):
    return np.logaddexp2(0, -t / np.log(2)) + 1e-7
