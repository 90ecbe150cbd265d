"""Everything in float32."""

import matplotlib.pyplot as plt
import numpy as np

F = np.float32


def _s(a):
    return F(1) / (F(1) + np.exp(-np.asarray(a, F)))


def product_circuit(x, y, z):
    x, y, z = F(x), F(y), F(z)
    return (x + y) * z, (z, z, x + y)


def sigmoid_neuron(w, x):
    w, x = w.astype(F), x.astype(F)
    f = _s(w[:2] @ x + w[2])
    return f, f * (1 - f) * np.append(x, F(1)), f * (1 - f) * w[:2]


def ratio_circuit(x, y):
    x, y = F(x), F(y)
    sx, sy, q = _s(x), _s(y), x + y
    u, v = x + sy, sx + q * q
    return u / v, ((1 - u / v * (sx * (1 - sx) + 2 * q)) / v, (sy * (1 - sy) - u / v * 2 * q) / v)


def activation(name, a):
    a = np.asarray(a, F)
    if name == "linear":
        return a
    elif name == "sigmoid":
        with np.errstate(over="ignore"):
            return _s(a)
    elif name == "tanh":
        return np.tanh(a)
    elif name == "relu":
        return np.where(a > 0, a, F(0))
    else:
        raise ValueError


def activation_gradient(name, a):
    g = activation(name, a)
    if name == "sigmoid":
        return g * (1 - g)
    if name == "tanh":
        return (1 - g) * (1 + g)
    if name == "relu":
        return np.heaviside(a, 0.5).astype(F)
    return np.ones_like(g)


def init_params(sizes, seed):
    r = np.random.default_rng(seed)
    params = []
    for i, o in zip(sizes[:-1], sizes[1:]):
        s = F(np.sqrt(6 / (i + o)))
        params.append(((r.random((o, i), dtype=F) * 2 - 1) * s, np.zeros(o, F)))
    return params


def _cast(params):
    return [(W.astype(F), b.astype(F)) for W, b in params]


def _run(params, X, name):
    h, hs, zs = X.astype(F), [], []
    for W, b in _cast(params):
        hs.append(h)
        zs.append(h @ W.T + b)
        h = activation(name, zs[-1])
    z = zs[-1] - zs[-1].max(1, keepdims=True)
    e = np.exp(z)
    return hs, zs, e / e.sum(1, keepdims=True)


def forward(params, X, name):
    return _run(params, X, name)[2]


def loss(params, X, y, name, lam):
    P = _run(params, X, name)[2]
    return -np.log(P[np.arange(len(y)), y]).mean() + F(lam) * sum(
        (W**2).sum() for W, _ in _cast(params)
    )


def backprop(params, X, y, name, lam):
    hs, zs, P = _run(params, X, name)
    d = P.copy()
    d[np.arange(len(y)), y] -= 1
    d /= F(len(y))
    out = []
    for k in range(len(params))[::-1]:
        W = params[k][0].astype(F)
        out.insert(0, (d.T @ hs[k] + F(2 * lam) * W, d.sum(0)))
        if k:
            d = d @ W * activation_gradient(name, zs[k - 1])
    return out


def gradient_error(params, X, y, name, lam, eps):
    g = backprop(params, X, y, name, lam)
    p = [[W.astype(F), b.astype(F)] for W, b in params]
    worst = F(0)
    for k in range(len(p)):
        for j in (0, 1):
            for i in range(p[k][j].size):
                old = p[k][j].flat[i]
                p[k][j].flat[i] = old + F(eps)
                up = loss(p, X, y, name, lam)
                p[k][j].flat[i] = old - F(eps)
                down = loss(p, X, y, name, lam)
                p[k][j].flat[i] = old
                n, a = (up - down) / F(2 * eps), g[k][j].flat[i]
                worst = max(worst, abs(a - n) / max(abs(a) + abs(n), F(1e-8)))
    return worst


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    r = np.random.default_rng(seed)
    p = _cast(params)
    hist = [loss(p, X, y, name, lam)]
    for _ in range(epochs):
        idx = r.permutation(len(X))
        for i in range(0, len(X), batch_size):
            j = idx[i : i + batch_size]
            g = backprop(p, X[j], y[j], name, lam)
            p = [(W - F(step_size) * dW, b - F(step_size) * db) for (W, b), (dW, db) in zip(p, g)]
        hist.append(loss(p, X, y, name, lam))
    return p, np.array(hist)


def plot_training(history):
    plt.figure(figsize=(4, 3))
    plt.scatter(range(len(history)), history, s=8)
    plt.xlabel("Epoche")
    plt.ylabel("Verlust")
    plt.show()
    plt.close("all")
