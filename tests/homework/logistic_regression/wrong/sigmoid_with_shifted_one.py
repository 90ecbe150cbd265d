# base: vectorised
# wrong: sigmoid
# not in the catalogue


def sigmoid(t):
    return 1 / (1 + np.exp(-t)) * (1 - 1e-9)
