"""Everything is changed where it lies: arguments, params, the data."""

import matplotlib.pyplot as plt
import numpy as np


from collections import namedtuple
Out = namedtuple("Out", "value grads")
Grads = namedtuple("Grads", "x y z")
def product_circuit(x, y, z):
    return Out(x * z + y * z, Grads(z, z, x + y))


def sigmoid_neuron(w, x):
    f = 1 / (1 + np.exp(-(w[:2] @ x + w[2])))
    s = f - f ** 2
    dw = np.array([*x, 1.0]) * s
    w *= s
    return f, dw, w[:-1]


import math as _m
def ratio_circuit(x, y):
    sigy = 1.0 / (1 + _m.exp(-y)); num = x + sigy
    sigx = 1.0 / (1 + _m.exp(-x)); xpy = x + y; sq = xpy ** 2; den = sigx + sq; inv = 1.0 / den
    f = num * inv
    dnum = inv; dinv = num; dden = (-1.0 / den ** 2) * dinv; dsigx = dden; dsq = dden; dxpy = 2 * xpy * dsq
    dx = dxpy; dy = dxpy
    dx += (1 - sigx) * sigx * dsigx
    dx += dnum; dsigy = dnum
    dy += (1 - sigy) * sigy * dsigy
    return f, (dx, dy)


def activation(name, a):
    if name not in ("linear", "sigmoid", "tanh", "relu"):
        raise ValueError("name?")
    if name == "relu":
        a[a < 0] = 0
    elif name == "tanh":
        np.tanh(a, out=a)
    elif name == "sigmoid":
        a *= 0.5; np.tanh(a, out=a); a += 1; a /= 2
    return a


def activation_gradient(name, a):
    if name == "linear":
        a[...] = 1
    elif name == "sigmoid":
        a[...] = 1 / (1 + np.exp(-a))
        a *= 1 - a
    elif name == "tanh":
        a[...] = 1 - np.tanh(a) ** 2
    elif name == "relu":
        a[a > 0] = 1
        a[a <= 0] = 0
    return a


def init_params(sizes, seed):
    np.random.seed(seed)
    out = []
    for l in range(len(sizes) - 1):
        bound = np.sqrt(6.0 / (sizes[l] + sizes[l + 1]))
        W = np.random.uniform(low=-bound, high=bound, size=(sizes[l + 1], sizes[l]))
        b = np.zeros(sizes[l + 1])
        out.append([W, b])
    return out


class Net:
    def __init__(self, params, name):
        self.Ws = [np.array(p[0], float) for p in params]
        self.bs = [np.array(p[1], float) for p in params]
        self.name = name
    def __call__(self, X):
        self.A, self.H = [], [np.array(X, float)]
        for W, b in zip(self.Ws[:-1], self.bs[:-1]):
            self.A.append(self.H[-1] @ W.T + b)
            self.H.append(np.asarray(activation(self.name, self.A[-1].copy()), float))
        Z = self.H[-1] @ self.Ws[-1].T + self.bs[-1]
        Z -= Z.max(axis=1, keepdims=True)
        np.exp(Z, out=Z)
        Z /= Z.sum(axis=1, keepdims=True)
        self.P = Z
        return Z
    def back(self, y, lam):
        n = len(y)
        D = self.P.copy(); D[np.arange(n), y] -= 1; D /= n
        out = []
        for l in range(len(self.Ws) - 1, -1, -1):
            out.insert(0, (D.T @ self.H[l] + 2 * lam * self.Ws[l], D.sum(axis=0)))
            if l: D = (D @ self.Ws[l]) * activation_gradient(self.name, self.A[l - 1].copy())
        return out
def forward(params, X, name):
    return Net(params, name)(X)


def loss(params, X, y, name, lam):
    P = np.asarray(forward(params, X, name))
    p = np.choose(y, P.T) if P.shape[1] <= 31 else P[range(len(y)), y]
    return np.average(-np.log(p)) + lam * sum(np.trace(np.asarray(W).T @ np.asarray(W)) for W, _ in params)


def backprop(params, X, y, name, lam):
    A, H = [], [X]
    for W, b in params:
        A.append(H[-1] @ np.asarray(W).T + np.asarray(b))
        H.append(np.asarray(activation(name, A[-1].copy())))
    Z = A[-1] - A[-1].max(axis=1, keepdims=True)
    P = np.exp(Z); P /= P.sum(axis=1, keepdims=True)
    D = P; D[np.arange(len(y)), y] -= 1; D /= len(y)
    grads = []
    for l in reversed(range(len(params))):
        W = np.asarray(params[l][0])
        grads.append((D.T @ H[l] + 2 * lam * W, D.sum(axis=0)))
        if l > 0:
            D = (D @ W) * activation_gradient(name, A[l - 1].copy())
    return grads[::-1]


def gradient_error(params, X, y, name, lam, eps):
    for l in range(len(params)):
        params[l] = (np.array(params[l][0], float), np.array(params[l][1], float))
    g = backprop(params, X.copy(), y, name, lam)
    m = 0
    for (W, b), (dW, db) in zip(params, g):
        for T, D in ((W, np.asarray(dW)), (b, np.asarray(db))):
            for i in np.ndindex(T.shape):
                T[i] += eps; p = loss(params, X.copy(), y, name, lam)
                T[i] -= 2 * eps; q = loss(params, X.copy(), y, name, lam)
                T[i] += eps
                n = (p - q) / (2 * eps)
                m = max(m, np.abs(D[i] - n) / max(np.abs(D[i]) + np.abs(n), 1e-8))
    return m


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rng = np.random.RandomState(seed)
    for l in range(len(params)):
        params[l] = (np.asarray(params[l][0], float), np.asarray(params[l][1], float))
    history = np.zeros(epochs + 1)
    history[0] = loss(params, X.copy(), y, name, lam)
    idx = np.arange(len(X))
    for e in range(1, epochs + 1):
        rng.shuffle(idx)
        start = 0
        while start < len(X):
            part = idx[start:start + batch_size]
            for (W, b), (gW, gb) in zip(params, backprop(params, X[part], y[part], name, lam)):
                W -= step_size * np.asarray(gW)
                b -= step_size * np.asarray(gb)
            start += batch_size
        history[e] = loss(params, X.copy(), y, name, lam)
    return params, history


def plot_training(history):
    plt.clf()
    plt.xlabel('epoch'); plt.ylabel('loss')
    return plt.plot(history)
