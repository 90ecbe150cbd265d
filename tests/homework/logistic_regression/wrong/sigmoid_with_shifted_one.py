# base: vectorised
# wrong: sigmoid
# says: The denominator of your sigmoid is too large by 1e-09: it is 1 + e^-t, without a small constant.
# not in the catalogue


def sigmoid(t):
    return 1 / (1 + np.exp(-t)) * (1 - 1e-9)
