# base: reference
# wrong: activation_gradient
# is: gradient_leaks_little


def activation_gradient(name, a):
    return {'leaky_relu': np.where(a > 0, 1, 0.01), 'elu': np.exp(np.minimum(a, 0)), 'tanh': 1 - np.tanh(a) ** 2, 'relu': np.where(a > 0, 1, 0)}[name]
