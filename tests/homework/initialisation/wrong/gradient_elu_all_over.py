# base: reference
# wrong: activation_gradient
# is: gradient_of_elu_everywhere


def activation_gradient(name, a):
    return {'leaky_relu': np.where(a > 0, 1, 0.1), 'elu': np.exp(a), 'tanh': 1 - np.tanh(a) ** 2, 'relu': np.where(a > 0, 1, 0)}[name]
