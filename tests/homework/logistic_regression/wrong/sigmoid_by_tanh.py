# base: vectorised
# wrong: sigmoid
# says: Your sigmoid is 0 where the right value is tiny but not 0: rounding, tanh and differences from 1 do that. Use exp.
# not in the catalogue


def sigmoid(t):
    return 0.5 + 0.5 * np.tanh(0.5 * t)
