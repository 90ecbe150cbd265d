# base: reference
# wrong: train
# not in the catalogue
_some_epochs = train


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rest = X, y, name, lam, step_size
    for count in range(1, epochs):
        network, history = _some_epochs(params, *rest, count, batch_size, seed)
        if abs(history[-1] - history[-2]) < 1e-10:
            return network, np.append(history, np.full(epochs - count, history[-1]))
    return _some_epochs(params, *rest, epochs, batch_size, seed)
