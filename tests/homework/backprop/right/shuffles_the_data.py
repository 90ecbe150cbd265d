"""X and y are shuffled themselves; a slope at 0 that is drawn anew."""

import matplotlib.pyplot as plt
import numpy as np


def product_circuit(x, y, z):
    # linear in each variable, so differences are exact up to rounding
    f = lambda a, b, c: (a + b) * c
    h = 1.0
    return f(x, y, z), tuple((f(*p) - f(*m)) / (2 * h) for p, m in (((x + h, y, z), (x - h, y, z)), ((x, y + h, z), (x, y - h, z)), ((x, y, z + h), (x, y, z - h))))


def sigmoid_neuron(w, x):
    xe = np.append(x, 1.0)
    f = np.exp(-np.logaddexp(0, -(w @ xe)))
    g = f * (1 - f)
    return f, g * xe, g * w[:2]


def ratio_circuit(x, y):
    s = lambda t: 1 / (1 + np.exp(-t))
    num = x + s(y)
    den = s(x) + (x + y) ** 2
    dx = (den - num * (s(x) * (1 - s(x)) + 2 * (x + y))) / den ** 2
    dy = (s(y) * (1 - s(y)) * den - num * 2 * (x + y)) / den ** 2
    return num / den, (dx, dy)


def activation(name, a):
    match name:
        case "linear": return 1.0 * a
        case "sigmoid": return np.exp(-np.logaddexp(0.0, -a))
        case "tanh": return np.tanh(a)
        case "relu": return np.clip(a, 0, None)
        case other: raise ValueError("bad name: " + str(other))


def activation_gradient(name, a):
    if name == "linear": return np.broadcast_to(1.0, a.shape)
    if name == "sigmoid":
        s = 0.5 * (1 + np.tanh(a / 2)); return s * (1 - s)
    if name == "tanh": return 1 - np.tanh(a) ** 2
    if name == "relu": return np.where(a > 0, 1.0, np.where(a < 0, 0.0, np.random.rand()))
    raise ValueError(name)


def init_params(sizes, seed):
    rng = np.random.default_rng(seed)
    return tuple((rng.uniform(-1, 1, (o, i)).astype(np.float32) * np.float32(np.sqrt(6 / (i + o))), np.zeros(o, np.float32)) for i, o in zip(sizes, sizes[1:]))


def forward(params, X, name):
    H = X.T
    for W, b in params[:-1]:
        H = np.asarray(activation(name, np.dot(W, H) + np.reshape(b, (-1, 1))))
    W, b = params[-1]
    Z = np.dot(W, H) + np.reshape(b, (-1, 1))
    Z = Z - np.max(Z, axis=0)
    P = np.exp(Z)
    return (P / np.sum(P, axis=0)).T


def loss(params, X, y, name, lam):
    P = np.asarray(forward(params, X, name))
    return -np.mean(np.log(P[np.arange(len(y)), y])) + lam * sum(np.sum(np.asarray(W) ** 2) for W, b in params)


def backprop(params, X, y, name, lam):
    n = len(X)
    G = [[2 * lam * np.array(W, float), np.zeros(len(b))] for W, b in params]
    for i in range(n):
        hs, as_ = [np.array(X[i])], []
        for l, (W, b) in enumerate(params):
            as_.append(np.dot(W, hs[-1]) + np.asarray(b))
            if l < len(params) - 1: hs.append(np.asarray(activation(name, as_[-1].copy())))
        e = np.exp(as_[-1] - as_[-1].max()); p = e / e.sum()
        delta = p.copy(); delta[y[i]] -= 1
        for l in range(len(params) - 1, -1, -1):
            G[l][0] += np.outer(delta, hs[l]) / n
            G[l][1] += delta / n
            if l: delta = np.dot(np.transpose(params[l][0]), delta) * activation_gradient(name, as_[l - 1].copy())
    return G


def gradient_error(params, X, y, name, lam, eps):
    g = backprop(params, X.copy(), y, name, lam)
    res = []
    for k in range(len(params)):
        for which in range(2):
            base = np.array(params[k][which], float)
            for j in range(base.size):
                def at(t):
                    S = base.copy(); S.ravel()[j] = t
                    new = [tuple(q) for q in params]
                    new[k] = (S, new[k][1]) if which == 0 else (new[k][0], S)
                    return float(loss(new, X.copy(), y, name, lam))
                n = (at(base.ravel()[j] + eps) - at(base.ravel()[j] - eps)) / (2 * eps)
                a = np.ravel(g[k][which])[j]
                res.append(abs(a - n) / (abs(a) + abs(n) + 1e-8))
    return float(np.max(res))


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    # shuffles X and y themselves, in step
    params = [(np.array(W, dtype=float), np.array(b, dtype=float)) for W, b in params]
    history = [loss(params, X.copy(), y, name, lam)]
    for e in range(epochs):
        for arr in (X, y):
            np.random.RandomState(1000 * seed + e).shuffle(arr)
        for s in range(0, len(X), batch_size):
            g = backprop(params, X[s:s + batch_size].copy(), y[s:s + batch_size].copy(), name, lam)
            params = [(W - step_size * np.asarray(a), b - step_size * np.asarray(c)) for (W, b), (a, c) in zip(params, g)]
        history.append(loss(params, X.copy(), y, name, lam))
    return params, np.array(history).reshape(-1)


def plot_training(history):
    fig, (a, b) = plt.subplots(2, 1, sharex=True)
    a.plot(history); b.semilogy(history)
    a.set_ylabel('loss'); b.set_ylabel('log loss'); b.set_xlabel('epoch')
    return fig
