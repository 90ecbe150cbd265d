# base: vectorised
# wrong: sigmoid
# not in the catalogue


def sigmoid(t):
    return 1 / (1 + np.exp(-1.702 * t))
