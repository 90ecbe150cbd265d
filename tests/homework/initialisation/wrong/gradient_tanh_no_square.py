# base: reference
# wrong: activation_gradient
# is: gradient_without_the_square


def activation_gradient(name, a):
    return {'leaky_relu': np.where(a > 0, 1, 0.1), 'elu': np.exp(np.minimum(a, 0)), 'tanh': 1 - np.tanh(a), 'relu': np.where(a > 0, 1, 0)}[name]
