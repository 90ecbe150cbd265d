# base: reference
# wrong: activation, activation_gradient
# is: activation_leaks_little, gradient_leaks_little


def activation(name, a):
    if name not in ('leaky_relu', 'elu', 'tanh', 'relu'):
        raise ValueError(name)
    return {'leaky_relu': np.maximum(0.01 * a, a), 'elu': np.where(a > 0, a, np.expm1(np.minimum(a, 0))), 'tanh': np.tanh(a), 'relu': np.maximum(a, 0)}[name]


def activation_gradient(name, a):
    return {'leaky_relu': np.where(a > 0, 1, 0.01), 'elu': np.exp(np.minimum(a, 0)), 'tanh': 1 - np.tanh(a) ** 2, 'relu': np.where(a > 0, 1, 0)}[name]
