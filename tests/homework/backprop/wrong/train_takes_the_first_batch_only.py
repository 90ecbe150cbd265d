# base: columns
# wrong: train
# may say: every batch counts
# not in the catalogue

def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rng = np.random.default_rng(seed)
    params = [(np.array(W, float), np.array(b, float)) for W, b in params]
    history = [loss(params, X.copy(), y, name, lam)]
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for i in range(0, min(batch_size, len(X)), batch_size):
            idx = order[i:i + batch_size]
            grads = backprop(params, X[idx], y[idx], name, lam)
            params = [(W - step_size * np.asarray(dW), b - step_size * np.asarray(db)) for (W, b), (dW, db) in zip(params, grads)]
        history.append(loss(params, X.copy(), y, name, lam))
    return params, np.array(history)
