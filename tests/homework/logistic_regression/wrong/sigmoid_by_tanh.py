# base: vectorised
# wrong: sigmoid
# not in the catalogue


def sigmoid(t):
    return 0.5 + 0.5 * np.tanh(0.5 * t)
