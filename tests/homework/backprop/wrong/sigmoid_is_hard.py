# base: generators
# wrong: activation
# not in the catalogue

_activation = activation


def activation(name, a):
    return np.clip(0.2 * a + 0.5, 0, 1) if name == "sigmoid" else _activation(name, a)
