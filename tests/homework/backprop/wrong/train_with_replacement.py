# base: joined_bias
# wrong: train
# not in the catalogue

def _step(params, grads, size):
    return [(W - size * dW, b - size * db) for (W, b), (dW, db) in zip(params, grads)]


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rng = np.random.default_rng(seed + 17)
    n = len(y)
    history = [loss(params, X, y, name, lam)]
    for epoch in range(epochs):
        for i in range(0, n, batch_size):
            B = rng.integers(0, n, size=min(batch_size, n - i))
            params = _step(params, backprop(params, X[B], y[B], name, lam), step_size)
        history.append(loss(params, X, y, name, lam))
    return params, history
