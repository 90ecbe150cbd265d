# base: vectorised
# wrong: sigmoid
# not in the catalogue


def sigmoid(t):
    return np.round(1 / (1 + np.exp(-t)), 6)
