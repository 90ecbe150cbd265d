# base: vectorised
# fails: sigmoid_far_out
# not in the catalogue


def sigmoid(t):
    return 1 / (1 + np.exp(-np.clip(t, -600, 600)))
