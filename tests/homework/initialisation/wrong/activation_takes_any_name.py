# not in the catalogue: no error
# base: reference
# fails: activation_refuses_an_unknown_name


def activation(name, a):
    return {'leaky_relu': np.maximum(0.1 * a, a), 'elu': np.where(a > 0, a, np.expm1(np.minimum(a, 0))), 'tanh': np.tanh(a), 'relu': np.maximum(a, 0)}.get(name, a)
