# base: joined_bias
# wrong: backprop
# not in the catalogue

_layers_of = backprop


def backprop(params, X, y, name, lam):
    return [block for layer in _layers_of(params, X, y, name, lam) for block in layer]


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rng = np.random.default_rng(seed)
    history = [loss(params, X, y, name, lam)]
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            B = order[i : i + batch_size]
            g = backprop(params, X[B], y[B], name, lam)
            params = [
                (W - step_size * g[2 * k], b - step_size * g[2 * k + 1])
                for k, (W, b) in enumerate(params)
            ]
        history.append(loss(params, X, y, name, lam))
    return params, history


def gradient_error(params, X, y, name, lam, eps):
    worst = 0.0
    flat = backprop(params, X, y, name, lam)
    blocks = [block.copy() for layer in params for block in layer]
    layers = list(zip(blocks[::2], blocks[1::2]))
    for block, g in zip(blocks, flat):
        for ix in np.ndindex(block.shape):
            kept = block[ix]
            block[ix] = kept + eps
            up = loss(layers, X, y, name, lam)
            block[ix] = kept - eps
            down = loss(layers, X, y, name, lam)
            block[ix] = kept
            n = (up - down) / (2 * eps)
            worst = max(worst, abs(g[ix] - n) / max(abs(g[ix]) + abs(n), 1e-8))
    return worst
