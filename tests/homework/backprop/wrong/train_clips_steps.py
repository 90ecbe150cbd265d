# base: generators
# wrong: train
# not in the catalogue

def _step(params, grads, size):
    return [(W - size * dW, b - size * db) for (W, b), (dW, db) in zip(params, grads)]


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rng = np.random.default_rng(seed + 17)
    n = len(y)
    history = [loss(params, X, y, name, lam)]
    for epoch in range(epochs):
        order = rng.permutation(n)
        for i in range(0, n, batch_size):
            B = order[i:i + batch_size]
            g = backprop(params, X[B], y[B], name, lam)
            g = [(np.clip(c, -0.05, 0.05), np.clip(d, -0.05, 0.05)) for c, d in g]
            params = _step(params, g, step_size)
        history.append(loss(params, X, y, name, lam))
    return params, history
