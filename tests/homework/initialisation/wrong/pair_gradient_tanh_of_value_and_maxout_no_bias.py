# base: reference
# wrong: activation_gradient, maxout
# is: gradient_of_the_value, maxout_without_biases


def activation_gradient(name, a):
    return {'leaky_relu': np.where(a > 0, 1, 0.1), 'elu': np.exp(np.minimum(a, 0)), 'tanh': 1 - a * a, 'relu': np.where(a > 0, 1, 0)}[name]


def maxout(x, W1, b1, W2, b2):
    return np.maximum(x @ W1, x @ W2)
