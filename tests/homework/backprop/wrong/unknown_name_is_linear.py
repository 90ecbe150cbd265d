# base: joined_bias
# wrong: activation
# not in the catalogue

def activation(name, a):
    if name == "sigmoid":
        return 0.5 * np.tanh(0.5 * a) + 0.5
    if name == "tanh":
        return np.tanh(a)
    return np.maximum(a, 0) if name == "relu" else a
