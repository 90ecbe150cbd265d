"""Loops and random's draws; bars with black edges, told apart by hatches."""

import matplotlib.pyplot as plt
import numpy as np


import math, random


def activation(name, a):
    f = {
        "leaky_relu": lambda v: v if v > 0 else 0.1 * v,
        "elu": lambda v: v if v > 0 else math.exp(v) - 1,
        "tanh": math.tanh,
        "relu": lambda v: max(0.0, v),
    }
    if name not in f:
        raise ValueError("unknown activation")
    a = np.asarray(a)
    return np.array([f[name](v) for v in a.flat], float).reshape(a.shape)


def activation_gradient(name, a):
    g = {
        "leaky_relu": lambda v: 1 if v > 0 else 0.55 if v == 0 else 0.1,
        "elu": lambda v: 1 if v > 0 else math.exp(v),
        "tanh": lambda v: 1 / math.cosh(v) ** 2,
        "relu": lambda v: 0.5 * (1 + (v > 0) - (v < 0)),
    }[name]
    a = np.asarray(a)
    return np.array([g(float(v)) for v in a.flat], float).reshape(a.shape)


def _z(x, W, b):
    return [sum(x[i] * W[i][j] for i in range(len(x))) + b[j] for j in range(len(b))]


def maxout(x, W1, b1, W2, b2):
    return [max(p, q) for p, q in zip(_z(x, W1, b1), _z(x, W2, b2))]


def maxout_backward(dy, x, W1, b1, W2, b2):
    s = [1.0 if p > q else 0.25 if p == q else 0.0 for p, q in zip(_z(x, W1, b1), _z(x, W2, b2))]
    d1 = [a * c for a, c in zip(dy, s)]
    d2 = [a * (1 - c) for a, c in zip(dy, s)]
    return [
        [sum(W1[i][j] * d1[j] + W2[i][j] * d2[j] for j in range(len(dy))) for i in range(len(x))],
        [[v * d for d in d1] for v in x],
        d1,
        [[v * d for d in d2] for v in x],
        d2,
    ]


def init_weights(name, fan_in, fan_out, seed):
    r = random.Random(seed)
    l = math.sqrt(6) / math.sqrt(fan_in + fan_out)
    draw = {
        "zeros": lambda: 0.0,
        "small": lambda: r.gauss(0, 0.01),
        "scaled": lambda: r.normalvariate(0, 1 / math.sqrt(fan_in)),
        "glorot": lambda: l * (2 * r.random() - 1),
    }[name]
    return [[draw() for _ in range(fan_in)] for _ in range(fan_out)]


def layer_spread(X, weights, name, first=True):
    if not len(weights):
        return []
    H = activation(name, np.asarray(X) @ np.asarray(weights[0]).T)
    return [float(np.sqrt(np.mean((H - np.mean(H)) ** 2)))] + layer_spread(H, weights[1:], name)


def centre(X):
    m = [sum(c) / len(c) for c in zip(*X)]
    return [[v - q for v, q in zip(r, m)] for r in X], m


def principal_directions(X, k):
    U, s, Vt = np.linalg.svd(X - np.mean(X, 0), full_matrices=False)
    return s[:k] ** 2 / len(X), Vt[:k].T


def reconstruct(X, k):
    m = X.mean(axis=0)
    U, s, Vt = np.linalg.svd(X - m, full_matrices=False)
    return (U[:, :k] * s[:k]) @ Vt[:k] + m


def whiten(X, k, eps):
    U, s, Vt = np.linalg.svd(X - X.mean(0), full_matrices=False)
    return -U[:, :k] * (s[:k] / np.sqrt(s[:k] ** 2 / len(X) + eps))


def plot_spread(spreads):
    fig, ax = plt.subplots()
    for i, name in enumerate(sorted(spreads)):
        at = np.arange(1, len(spreads[name]) + 1) + (i - 1) * 0.2
        ax.bar(at, spreads[name], 0.2, label=name, color="w", edgecolor="k", hatch="/.x-"[i % 4])
    ax.legend(title="weights")
    ax.set(xlabel="Schicht", ylabel="Streuung", yscale="log")
    return fig
