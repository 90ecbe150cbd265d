"""Lists instead of arrays, bools as slopes, the random module."""

import matplotlib.pyplot as plt
import numpy as np


def product_circuit(x, y, z):
    return [(x + y) * z, [z, z, x + y]]


import math
def sigmoid_neuron(w, x):
    a = w[0] * x[0] + w[1] * x[1] + w[2]
    f = 1.0 / (1.0 + math.exp(-a)) if a >= 0 else math.exp(a) / (1 + math.exp(a))
    d = f * (1 - f)
    return [f, [x[0] * d, x[1] * d, d], [w[0] * d, w[1] * d]]


def ratio_circuit(x, y):
    def f(x, y):
        return (x + 1 / (1 + np.exp(-y))) / (1 / (1 + np.exp(-x)) + (x + y) ** 2)
    h = 1e-30
    return float(f(x, y)), (float(f(x + 1j * h, y).imag / h), float(f(x, y + 1j * h).imag / h))


import math as _math
def activation(name, a):
    a = np.asarray(a, float)
    def one(t):
        if name == "linear": return t
        if name == "sigmoid": return 1 / (1 + _math.exp(-t)) if t > -700 else 0.0
        if name == "tanh": return _math.tanh(t)
        if name == "relu": return t if t > 0 else 0.0
        raise ValueError("unknown")
    if name not in ("linear", "sigmoid", "tanh", "relu"): raise ValueError("unknown")
    return np.array([one(t) for t in a.ravel()]).reshape(a.shape)


def activation_gradient(name, a):
    if name == "linear": return 1.0
    if name == "sigmoid":
        s = 1 / (1 + np.exp(-a))
        return s - s * s
    if name == "tanh": return (1 - np.tanh(a)) * (1 + np.tanh(a))
    if name == "relu": return a > 0
    raise ValueError("no")


import random
def init_params(sizes, seed):
    random.seed(seed)
    ps = []
    for i, o in zip(sizes, sizes[1:]):
        s = (6 / (i + o)) ** 0.5
        ps.append(([[random.uniform(-s, s) for _ in range(i)] for _ in range(o)], [0.0] * o))
    return ps


def forward(params, X, name):
    rows = []
    for x in X:
        h = x
        for l, (W, b) in enumerate(params):
            a = np.array([np.dot(w, h) + bb for w, bb in zip(W, b)])
            h = a if l == len(params) - 1 else np.asarray(activation(name, a))
        e = np.exp(h - np.max(h))
        rows.append(e / sum(e))
    return rows


def loss(params, X, y, name, lam):
    P = np.asarray(forward(params, X, name))
    total = 0.0
    for i in range(len(X)):
        total -= np.log(P[i, y[i]])
    reg = 0.0
    for layer in params:
        for row in layer[0]:
            for w in row:
                reg += w * w
    return float(total / len(X) + lam * reg)


def backprop(params, X, y, name, lam):
    A, H = [], [X]
    for W, b in params:
        A.append(H[-1] @ np.asarray(W).T + np.asarray(b)); H.append(np.asarray(activation(name, A[-1].copy())))
    P = np.exp(A[-1] - A[-1].max(axis=1, keepdims=True)); P /= P.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    D = P / len(y); out = []
    for l in range(len(params) - 1, -1, -1):
        W = np.asarray(params[l][0])
        out.append([(D.T @ H[l] + 2 * lam * W).tolist(), D.sum(0).tolist()])
        if l: D = D @ W * activation_gradient(name, A[l - 1].copy())
    out.reverse()
    return out


def gradient_error(params, X, y, name, lam, eps):
    import copy
    p = copy.deepcopy([[np.array(W, float), np.array(b, float)] for W, b in params])
    g = backprop(p, X.copy(), y, name, lam)
    out = 0.
    for l in range(len(p)):
        for part in range(2):
            it = np.nditer(p[l][part], flags=["multi_index"], op_flags=["readwrite"])
            while not it.finished:
                ix = it.multi_index
                old = p[l][part][ix]
                p[l][part][ix] = old + eps; up = loss(p, X.copy(), y, name, lam)
                p[l][part][ix] = old - eps; dn = loss(p, X.copy(), y, name, lam)
                p[l][part][ix] = old
                n = (up - dn) / 2 / eps
                a = np.asarray(g[l][part])[ix]
                out = np.maximum(out, 2 * abs(a - n) / max(abs(a) + abs(n), 1e-8))
                it.iternext()
    return out


import random as _rnd
def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    r = _rnd.Random(seed)
    net = [[np.array(W, float), np.array(b, float)] for W, b in params]
    hist = [float(loss(net, X.copy(), y, name, lam))]
    order = list(range(len(X)))
    for epoch in range(epochs):
        r.shuffle(order)
        batches = [order[k:k + batch_size] for k in range(0, len(order), batch_size)]
        for batch in batches:
            g = backprop(net, X[batch], y[batch], name, lam)
            for layer, (gW, gb) in zip(net, g):
                layer[0] = layer[0] - step_size * np.array(gW)
                layer[1] = layer[1] - step_size * np.array(gb)
        hist.append(float(loss(net, X.copy(), y, name, lam)))
    return [net, hist]


def plot_training(history):
    plt.figure()
    plt.plot(history, 'o-')
    plt.xlabel('Epoch')
    plt.ylabel('Loss')
    plt.title('Training')
    plt.show()
