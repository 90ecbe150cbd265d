"""float32 inside forward, float64 around it."""

from functools import reduce

import matplotlib.pyplot as plt
import numpy as np

sigm = lambda a: np.exp(-np.logaddexp(0, -a))
acts = dict(
    linear=(lambda a: a, lambda a: np.ones(np.shape(a))),
    sigmoid=(sigm, lambda a: sigm(a) * sigm(-a)),
    tanh=(np.tanh, lambda a: 1 / np.cosh(a) ** 2),
    relu=(lambda a: np.maximum(a, 0), lambda a: (np.sign(a) + 1) / 2),
)


def product_circuit(x, y, z):
    return np.array((x + y) * z), np.array([z, z, x + y])


def sigmoid_neuron(w, x):
    ones = np.append(x, 1)
    f = sigm(ones @ w)
    return np.array(f), f * (1 - f) * ones, (f * (1 - f) * w)[:-1]


def ratio_circuit(x, y):
    def f(x, y):
        return (x + 1 / (1 + np.exp(-y))) / (1 / (1 + np.exp(-x)) + (x + y) ** 2)

    h = 1e-30  # complex step
    return f(x, y), (f(x + h * 1j, y).imag / h, f(x, y + h * 1j).imag / h)


def activation(name, a):
    if not name in acts:
        raise ValueError("bad name")
    return acts[name][0](a)


activation_gradient = lambda name, a: acts[name][1](a)


def init_params(sizes, seed):
    np.random.seed(seed)
    bound = lambda i, o: (6 / (i + o)) ** 0.5
    return [
        (np.random.uniform(-bound(i, o), bound(i, o), [o, i]), np.zeros((o,), int))
        for i, o in zip(sizes, sizes[1:])
    ]


def forward(params, X, name):
    X = np.asarray(X, dtype="float32")
    *hidden, (V, c) = [(np.asarray(W, "float32"), np.asarray(b, "float32")) for W, b in params]
    H = reduce(lambda h, Wb: activation(name, h @ Wb[0].T + Wb[1]), hidden, X)
    Z = H @ V.T + c
    Z -= Z.max(axis=1, keepdims=True)
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


def loss(params, X, y, name, lam):
    P = forward(params, X, name)
    return -np.log(P[np.arange(len(y)), y]).mean() + lam * sum((W * W).sum() for W, b in params)


def backprop(params, X, y, name, lam):
    grads = [None] * len(params)

    def descend(k, h):
        """Forward on the way in, backward on the way out."""
        W, b = params[k]
        a = h @ W.T + b
        if k == len(params) - 1:
            d = forward(params, X, name).astype(float)
            d[np.arange(len(y)), y] -= 1
            d /= len(y)
        else:
            d = descend(k + 1, activation(name, a)) * activation_gradient(name, a)
        grads[k] = (d.T @ h + 2 * lam * W, d.sum(axis=0))
        return d @ W

    descend(0, X)
    return grads


def gradient_error(params, X, y, name, lam, eps):
    worst = 0
    G = backprop(params, X, y, name, lam)
    for k in range(len(params)):
        for part in range(2):
            for ix, value in np.ndenumerate(params[k][part]):

                def at(v):
                    p = [[W.copy(), b.copy()] for W, b in params]
                    p[k][part][ix] = v
                    return loss(p, X, y, name, lam)

                n = (at(value + eps) - at(value - eps)) / (2 * eps)
                a = G[k][part][ix]
                worst = max(worst, 2 * abs(a - n) / max(abs(a) + abs(n), 1e-8))
    return worst


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rng = np.random.default_rng([seed, 99])
    hist = [loss(params, X, y, name, lam)]
    data = np.c_[X, y]
    for _ in range(epochs):
        rng.shuffle(data)
        for part in np.split(data, np.arange(batch_size, len(data), batch_size)):
            G = backprop(params, part[:, :-1], part[:, -1].astype(int), name, lam)
            params = [tuple(p - step_size * g for p, g in zip(l, gl)) for l, gl in zip(params, G)]
        hist += [loss(params, X, y, name, lam)]
    return params, np.array(hist)[:, None][:, 0]


def plot_training(history):
    return plt.plot(history, label="loss"), plt.xlabel("epochs"), plt.ylabel("loss"), plt.legend()
