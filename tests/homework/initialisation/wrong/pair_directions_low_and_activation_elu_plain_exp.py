# base: reference
# wrong: principal_directions, activation
# is: directions_smallest, activation_elu_without_the_one


def principal_directions(X, k):
    Z = X - X.mean(axis=0)
    v, V = np.linalg.eigh(Z.T @ Z / len(X))
    return v[:k], V[:, :k]


def activation(name, a):
    if name not in ('leaky_relu', 'elu', 'tanh', 'relu'):
        raise ValueError(name)
    return {'leaky_relu': np.maximum(0.1 * a, a), 'elu': np.where(a > 0, a, np.exp(np.minimum(a, 0))), 'tanh': np.tanh(a), 'relu': np.maximum(a, 0)}[name]
