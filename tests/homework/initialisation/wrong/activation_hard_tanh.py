# not in the catalogue: hard tanh
# base: reference
# wrong: activation


def activation(name, a):
    if name not in ('leaky_relu', 'elu', 'tanh', 'relu'):
        raise ValueError(name)
    return {'leaky_relu': np.maximum(0.1 * a, a), 'elu': np.where(a > 0, a, np.expm1(np.minimum(a, 0))), 'tanh': np.clip(a, -1, 1), 'relu': np.maximum(a, 0)}[name]
