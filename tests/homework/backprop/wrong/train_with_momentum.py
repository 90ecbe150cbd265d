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
        if epoch == 0:
            v = [(0 * W, 0 * b) for W, b in params]
        for i in range(0, n, batch_size):
            B = order[i:i + batch_size]
            g = backprop(params, X[B], y[B], name, lam)
            v = [(0.9 * a + c, 0.9 * b + d) for (a, b), (c, d) in zip(v, g)]
            params = _step(params, v, step_size)
        history.append(loss(params, X, y, name, lam))
    return params, history
