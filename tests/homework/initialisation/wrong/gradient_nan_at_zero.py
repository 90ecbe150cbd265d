# not in the catalogue: nan at 0
# base: reference
# wrong: activation_gradient


def activation_gradient(name, a):
    return {'leaky_relu': np.where(a > 0, 1, 0.1), 'elu': np.exp(np.minimum(a, 0)), 'tanh': 1 - np.tanh(a) ** 2, 'relu': np.maximum(a, 0) / a}[name]
