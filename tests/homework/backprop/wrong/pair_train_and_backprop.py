# base: helper_module
# wrong: backprop, train
# is: backprop_with_half_decay

_right_backprop = backprop


def backprop(params, X, y, name, lam):
    return _right_backprop(params, X, y, name, lam / 2)


def _step(params, grads, size):
    return [(W - size * dW, b - size * db) for (W, b), (dW, db) in zip(params, grads)]


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rng = np.random.default_rng(seed + 17)
    n = len(y)
    history = [loss(params, X, y, name, lam)]
    for epoch in range(epochs):
        for i in range(0, n, batch_size):
            params = _step(params, backprop(params, X[i:i + batch_size], y[i:i + batch_size], name, lam), step_size)
        history.append(loss(params, X, y, name, lam))
    return params, history
