# base: generators
# fails: backprop_example, backprop_is_the_slope_of_loss
# fails: backprop[linear], backprop[sigmoid], backprop[tanh], backprop[relu]
# may say: ...
_in_order = backprop


def backprop(params, X, y, name, lam):
    return [(db, dW) for dW, db in _in_order(params, X, y, name, lam)]


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rng = np.random.default_rng(seed)
    params = [(W.copy(), b.copy()) for W, b in params]
    history = [loss(params, X, y, name, lam)]
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch_size):
            rows = order[start : start + batch_size]
            for (W, b), (dW, db) in zip(params, backprop(params, X[rows], y[rows], name, lam)):
                W -= step_size * dW
                b -= step_size * db
        history.append(loss(params, X, y, name, lam))
    return params, np.array(history)
