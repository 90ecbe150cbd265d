# base: generators
# wrong: forward, backprop
# is: forward_without_biases, backprop_without_biases

_with_biases = backprop


def forward(params, X, name):
    for k, (W, b) in enumerate(params):
        X = X @ W.T
        if k < len(params) - 1:
            X = activation(name, X)
    e = np.exp(X - X.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backprop(params, X, y, name, lam):
    return [(dW, 0 * db) for dW, db in _with_biases(params, X, y, name, lam)]
