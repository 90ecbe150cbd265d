# base: joined_bias
# wrong: train

def _step(params, grads, size):
    return [(W - size * dW, b - size * db) for (W, b), (dW, db) in zip(params, grads)]


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rng = np.random.default_rng(seed + 17)
    n = len(y)
    history = []
    for epoch in range(epochs):
        order = rng.permutation(n)
        for i in range(n // batch_size):
            B = order[i * batch_size:(i + 1) * batch_size]
            params = _step(params, backprop(params, X[B], y[B], name, lam / len(B)), step_size * len(B))
        history.append(loss(params, X, y, name, lam))
    return params, history
