# base: helper_module
# wrong: activation
# not in the catalogue

def activation(name, a):
    if name == "linear":
        return a
    if name == "sigmoid":
        return 0.5 * np.tanh(0.5 * a) + 0.5
    if name == "tanh":
        return np.tanh(a)
    if name == "relu":
        return np.maximum(a, 0)
