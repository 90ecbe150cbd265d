# base: reference
# fails: forward_example, forward[sigmoid], forward[tanh], forward[relu]
# is: forward_with_activation_at_the_output


def forward(params, X, name):
    h = X
    for W, b in params:
        h = activation(name, h @ W.T + b)
    e = np.exp(h - h.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def loss(params, X, y, name, lam):
    P = forward(params, X, name)
    return -np.log(P[np.arange(len(y)), y]).mean() + lam * sum(np.sum(W**2) for W, _ in params)
