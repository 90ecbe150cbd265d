# base: reference
# wrong: activation
# is: activation_leaks_little


def activation(name, a):
    if name not in ('leaky_relu', 'elu', 'tanh', 'relu'):
        raise ValueError(name)
    return {'leaky_relu': np.maximum(0.01 * a, a), 'elu': np.where(a > 0, a, np.expm1(np.minimum(a, 0))), 'tanh': np.tanh(a), 'relu': np.maximum(a, 0)}[name]
