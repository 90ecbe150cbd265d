# base: generators
# wrong: train
# is: train_divides_by_batch_size

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
            m = min(batch_size, n) / len(B)
            params = _step(params, backprop(params, X[B], y[B], name, lam * m), step_size / m)
        history.append(loss(params, X, y, name, lam))
    return params, history
