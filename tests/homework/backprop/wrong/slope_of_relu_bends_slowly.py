# base: reference
# fails: activation_gradient[relu]
# not in the catalogue

slopes = activation_gradient


def activation_gradient(name, a):
    return np.clip(a / 0.1, 0, 1) if name == "relu" else slopes(name, a)
