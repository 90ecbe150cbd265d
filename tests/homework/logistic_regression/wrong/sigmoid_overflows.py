# base: vectorised
# wrong: sigmoid
# is: sigmoid_overflows
# may say: ...


def sigmoid(t):
    return np.exp(t) / (1 + np.exp(t))
