"""A layer calls the next one; numbers that know their derivatives."""

import matplotlib.pyplot as plt
import numpy as np


class _Add:
    def forward(self, a, b): return a + b
    def backward(self, d): return d, d
class _Mul:
    def forward(self, a, b):
        self.a, self.b = a, b
        return a * b
    def backward(self, d): return d * self.b, d * self.a
def product_circuit(x, y, z):
    add, mul = _Add(), _Mul()
    f = mul.forward(add.forward(x, y), z)
    dq, dz = mul.backward(1.0)
    dx, dy = add.backward(dq)
    return f, (dx, dy, dz)


def sigmoid_neuron(w, x):
    a = np.dot(w, np.r_[x, 1])
    t = np.tanh(a / 2)
    s = (1 - t * t) / 4
    return (1 + t) / 2, s * np.r_[x, 1], tuple(s * w[:2])


class Dual:
    """Forward-mode numbers: value and gradient."""
    def __init__(self, v, g): self.v, self.g = v, np.asarray(g, float)
    def __add__(self, o): return Dual(self.v + o.v, self.g + o.g)
    def __mul__(self, o): return Dual(self.v * o.v, self.v * o.g + o.v * self.g)
    def __truediv__(self, o): return Dual(self.v / o.v, (self.g * o.v - self.v * o.g) / o.v ** 2)
    def sigmoid(self):
        s = 1 / (1 + np.exp(-self.v))
        return Dual(s, s * (1 - s) * self.g)
def ratio_circuit(x, y):
    X, Y = Dual(x, [1, 0]), Dual(y, [0, 1])
    s = X + Y
    r = (X + Y.sigmoid()) / (X.sigmoid() + s * s)
    return r.v, tuple(r.g)


import enum
class Act(enum.Enum):
    linear = "linear"; sigmoid = "sigmoid"; tanh = "tanh"; relu = "relu"
def activation(name, a):
    kind = Act(name)     # Enum raises ValueError itself
    if kind is Act.linear: return a
    if kind is Act.sigmoid: return 1 / (1 + np.exp(-np.clip(a, -500, 500)))
    if kind is Act.tanh: return (lambda e: (1 - e) / (1 + e) * np.sign(a))(np.exp(-2 * np.abs(a)))
    return (np.abs(a) + a) / 2


def activation_gradient(name, a):
    g = {"linear": lambda t: t * 0 + 1, "sigmoid": lambda t: 0.25 / np.cosh(np.clip(t / 2, -350, 350)) ** 2, "tanh": lambda t: 1 - np.tanh(t) * np.tanh(t), "relu": lambda t: np.heaviside(t, 0.5)}
    return g[name](a)


class Initializer:
    def __init__(self, seed): self.rng = random_.Random(seed)
    def layer(self, i, o):
        s = (6.0 / (i + o)) ** 0.5
        W = np.empty((o, i))
        for r in range(o):
            for c in range(i):
                W[r, c] = -s + 2 * s * self.rng.random()
        return W, np.zeros(o)
import random as random_
def init_params(sizes, seed):
    ini = Initializer(seed)
    return [ini.layer(int(i), int(o)) for i, o in zip(sizes[:-1], sizes[1:])]


def forward(params, X, name):
    (W, b), rest = params[0], params[1:]
    A = X @ np.transpose(W) + b
    if not len(rest):
        A = A - np.amax(A, axis=-1, keepdims=True)
        return np.exp(A) / np.exp(A).sum(-1, keepdims=True)
    return forward(rest, np.asarray(activation(name, A)), name)


def loss(params, X, y, name, lam):
    h = np.array(X, float)
    for l, (W, b) in enumerate(params):
        a = h @ np.asarray(W, float).T + np.asarray(b, float)
        if l < len(params) - 1:
            h = np.asarray(activation(name, a), float)
    m = a.max(axis=1, keepdims=True)
    lse = (m + np.log(np.exp(a - m).sum(axis=1, keepdims=True)))[:, 0]
    return np.array((lse - np.take_along_axis(a, y[:, None], 1)[:, 0]).mean() + lam * sum((np.asarray(W) * np.asarray(W)).sum() for W, _ in params))


def backprop(params, X, y, name, lam):
    # recursion: returns gradients and the derivative at the input of the layer
    def go(l, H):
        W = np.asarray(params[l][0], float); b = np.asarray(params[l][1], float)
        A = H @ W.T + b
        if l == len(params) - 1:
            E = np.exp(A - A.max(1)[:, None]); D = E / E.sum(1)[:, None]
            for i, c in enumerate(y): D[i, c] -= 1
            D = D / len(y); rest = []
        else:
            rest, dH = go(l + 1, np.asarray(activation(name, A.copy())))
            D = dH * activation_gradient(name, A.copy())
        return [(D.T @ H + 2 * lam * W, D.sum(axis=0))] + rest, D @ W
    return go(0, X)[0]


def gradient_error(params, X, y, name, lam, eps):
    shapes = [np.shape(t) for layer in params for t in layer]
    theta = np.concatenate([np.ravel(t) for layer in params for t in layer]).astype(float)
    def unflat(v):
        out, i = [], 0
        for s in shapes:
            k = int(np.prod(s)); out.append(v[i:i + k].reshape(s)); i += k
        return list(zip(out[::2], out[1::2]))
    a = np.concatenate([np.ravel(t) for layer in backprop(unflat(theta), X.copy(), y, name, lam) for t in layer])
    f = lambda v: float(loss(unflat(v), X.copy(), y, name, lam))
    E = np.eye(len(theta)) * eps
    n = np.array([(f(theta + e) - f(theta - e)) / (2 * eps) for e in E])
    return np.max(np.abs(a - n) / np.maximum(np.abs(a) + np.abs(n), 1e-8))


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    params = [(np.array(W, float), np.array(b, float)) for W, b in params]
    history = [loss(params, X.copy(), y, name, lam)]
    for e in range(epochs):
        order = np.random.default_rng([seed, e]).permutation(len(X))
        for i in range(0, len(X), batch_size):
            idx = order[i:i + batch_size]
            grads = backprop(params, X[idx], y[idx], name, lam)
            params = [(W - step_size * np.asarray(dW), b - step_size * np.asarray(db)) for (W, b), (dW, db) in zip(params, grads)]
        history.append(loss(params, X.copy(), y, name, lam))
    return params, history


def plot_training(history):
    fig, ax = plt.subplots()
    ax.stem(history)
    ax.set_xlabel('epoch')
    ax.set_ylabel('loss')
    return fig
