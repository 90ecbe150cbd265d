# base: joined_bias
# wrong: train
# is: train_of_sums

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
            params = _step(params, backprop(params, X[B], y[B], name, lam / len(B)), step_size * len(B))
        history.append(loss(params, X, y, name, lam))
    return params, history
