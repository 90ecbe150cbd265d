# not in the catalogue: gelu for relu
# base: reference
# wrong: activation


def activation(name, a):
    if name not in ('leaky_relu', 'elu', 'tanh', 'relu'):
        raise ValueError(name)
    return {'leaky_relu': np.maximum(0.1 * a, a), 'elu': np.where(a > 0, a, np.expm1(np.minimum(a, 0))), 'tanh': np.tanh(a), 'relu': 0.5 * a * (1 + np.tanh(0.79788456 * (a + 0.044715 * a**3)))}[name]
