# not in the catalogue: elu's slope is 0 at 0
# base: reference
# wrong: activation_gradient


def activation_gradient(name, a):
    return {'leaky_relu': np.where(a > 0, 1, 0.1), 'elu': np.where(a > 0, 1, np.exp(np.minimum(a, 0)) * (a < 0)), 'tanh': 1 - np.tanh(a) ** 2, 'relu': np.where(a > 0, 1, 0)}[name]
