# base: vectorised
# wrong: sigmoid
# says: Your sigmoid is 0 where the right value is tiny but not 0: rounding, tanh and differences from 1 do that. Use exp.
# not in the catalogue


def sigmoid(t):
    return np.round(1 / (1 + np.exp(-t)), 6)
