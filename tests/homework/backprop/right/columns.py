"""One example per column inside, matrices, 0-d arrays, 1 as the slope of linear."""

import matplotlib.pyplot as plt
import numpy as np


def product_circuit(x, y, z):
    a = np.asarray
    return a((x + y) * z), (a(z), a(z), a(x + y))


def sigmoid_neuron(w, x):
    a = w[0] * x[0] + w[1] * x[1] + w[2]
    f = np.array(1 / (1 + np.exp(-a)))
    d = np.exp(-a) / (1 + np.exp(-a)) ** 2
    return f, np.ma.array([x[0] * d, x[1] * d, d]), np.ma.array(w[:2] * d)


def ratio_circuit(x, y):
    sx, sy = 1 / (1 + np.exp(-np.array([x, y])))
    n, d = x + sy, sx + (x + y) ** 2
    return [n / d, np.array([1 / d - n / d**2 * (sx * (1 - sx) + 2 * (x + y)), sy * (1 - sy) / d - 2 * n * (x + y) / d**2])]


class UnknownActivation(ValueError):
    pass
def activation(name, a):
    table = dict(linear=lambda t: t, sigmoid=lambda t: np.piecewise(t, [t >= 0, t < 0], [lambda u: 1 / (1 + np.exp(-u)), lambda u: np.exp(u) / (1 + np.exp(u))]), tanh=np.tanh, relu=lambda t: np.maximum(t, np.zeros_like(t)))
    if name not in table: raise UnknownActivation(name)
    return table[name](a)


def activation_gradient(name, a):
    if name == "linear": return 1
    if name == "sigmoid":
        e = np.exp(-np.abs(a))
        return e / (1 + e) ** 2
    if name == "tanh": return 1 / np.cosh(np.clip(a, -300, 300)) ** 2
    if name == "relu": return np.where(a >= 0, 1.0, 0.0)


def init_params(sizes, seed):
    rng = np.random.Generator(np.random.PCG64(seed))
    layers = []
    for k in range(1, len(sizes)):
        n_in, n_out = sizes[k - 1], sizes[k]
        s = np.sqrt(6 / (n_in + n_out))
        layers.append((rng.uniform(-s, s, (n_in, n_out)).T, np.zeros(n_out, dtype=int)))
    return layers


def forward(params, X, name):
    H = np.matrix(X)
    for i in range(len(params)):
        W, b = np.matrix(params[i][0]), np.matrix(params[i][1])
        A = H * W.T + b
        H = A if i == len(params) - 1 else np.matrix(activation(name, np.asarray(A)))
    E = np.exp(H - H.max(axis=1))
    return E / E.sum(axis=1)


def loss(params, X, y, name, lam):
    P = np.asarray(forward(params, X, name))
    Y = np.eye(P.shape[1])[y]
    data = -(Y * np.log(P + 1e-12)).sum() / X.shape[0]
    return data + lam * np.sum([np.linalg.norm(np.asarray(W), "fro") ** 2 for W, _ in params])


def backprop(params, X, y, name, lam):
    n = X.shape[0]
    Ws = [np.asarray(W, dtype=float) for W, _ in params]; bs = [np.asarray(b, dtype=float)[:, None] for _, b in params]
    h = [X.T]; a = []
    for l in range(len(Ws)):
        a.append(Ws[l].dot(h[l]) + bs[l])
        h.append(np.asarray(activation(name, a[l].copy())))
    P = np.exp(a[-1] - a[-1].max(axis=0)); P = P / P.sum(axis=0)
    Y = np.zeros_like(P); Y[y, np.arange(n)] = 1
    delta = (P - Y) / n
    grads = [None] * len(Ws)
    for l in range(len(Ws) - 1, -1, -1):
        grads[l] = (np.asfortranarray(delta.dot(h[l].T) + 2.0 * lam * Ws[l]), delta.sum(axis=1))
        if l > 0:
            delta = Ws[l].T.dot(delta) * activation_gradient(name, a[l - 1].copy())
    return tuple(grads)


def gradient_error(params, X, y, name, lam, eps):
    grads = backprop(params, X.copy(), y, name, lam)
    errs = []
    for l, (W, b) in enumerate(params):
        W, b = np.asarray(W, float), np.asarray(b, float)
        for part in (0, 1):
            T = (W, b)[part]; G = np.asarray(grads[l][part])
            for i in range(T.size):
                vals = []
                for sgn in (+1, -1):
                    S = T.copy(); S.flat[i] += sgn * eps
                    q = list(params); q[l] = (S, b) if part == 0 else (W, S)
                    vals.append(loss(q, X.copy(), y, name, lam))
                n = (vals[0] - vals[1]) / (2 * eps)
                errs.append(abs(G.flat[i] - n) / max(abs(G.flat[i]), abs(n), 1e-8))
    return np.array(max(errs))


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    np.random.seed(seed)
    p = [(np.array(W, float), np.array(b, float)) for W, b in params]
    h = (loss(p, X.copy(), y, name, lam),)
    n = X.shape[0]
    for e in range(epochs):
        perm = np.argsort(np.random.rand(n))
        for chunk in np.split(perm, range(batch_size, n, batch_size)):
            g = backprop(p, X[chunk], y[chunk], name, lam)
            p = [(W - step_size * np.asarray(a), b - step_size * np.asarray(c)) for (W, b), (a, c) in zip(p, g)]
        h += (loss(p, X.copy(), y, name, lam),)
    return tuple(p), h


def plot_training(history):
    fig, ax = plt.subplots()
    ax.plot(history)
    fig.supxlabel('epoch')
    fig.supylabel('loss')
    return fig
