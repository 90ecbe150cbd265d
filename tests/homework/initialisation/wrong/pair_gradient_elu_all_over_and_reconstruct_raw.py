# base: reference
# wrong: activation_gradient, reconstruct
# is: gradient_of_elu_everywhere, reconstruct_uncentred


def activation_gradient(name, a):
    return {'leaky_relu': np.where(a > 0, 1, 0.1), 'elu': np.exp(a), 'tanh': 1 - np.tanh(a) ** 2, 'relu': np.where(a > 0, 1, 0)}[name]


def reconstruct(X, k):
    V = principal_directions(X, k)[1]
    return X @ V @ V.T
