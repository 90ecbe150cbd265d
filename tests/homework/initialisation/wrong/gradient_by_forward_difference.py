# not in the catalogue: a coarse difference
# base: reference
# wrong: activation_gradient


def activation_gradient(name, a):
    return (activation(name, a + 1e-2) - activation(name, a)) / 1e-2
