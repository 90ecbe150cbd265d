"""Each layer as one matrix with the bias as its last column. Columns are examples."""

import numpy as np, matplotlib.pyplot as plt


def product_circuit(x, y, z):
    return (x + y) * z, (0 * x + z, 0 * y + z, x + y)


def sigmoid_neuron(w, x):
    w = np.asarray(w).reshape(3, 1)
    v = np.vstack([np.reshape(x, (2, 1)), [[1.0]]])
    f = 1 / (1 + np.exp(-(w.T @ v).item()))
    return f, ((1 - f) * f * v).ravel(), ((1 - f) * f * w[:2]).ravel()


def ratio_circuit(x, y):
    s = lambda t: 1 / (1 + np.exp(-t))
    ds = lambda t: s(t) * (1 - s(t))
    den = s(x) + (x + y) ** 2
    f = (x + s(y)) / den
    return f, ((1 - f * (ds(x) + 2 * (x + y))) / den, (ds(y) - f * 2 * (x + y)) / den)


def activation(name, a):
    if name == "linear":
        r = a.copy()
    if name == "sigmoid":
        r = np.where(
            a >= 0, 1 / (1 + np.exp(-np.abs(a))), np.exp(-np.abs(a)) / (1 + np.exp(-np.abs(a)))
        )
    if name == "tanh":
        r = 1 - 2 / (np.exp(np.minimum(2 * a, 700)) + 1)
    if name == "relu":
        r = (a + abs(a)) / 2
    try:
        return r
    except UnboundLocalError:
        raise ValueError(name)


def activation_gradient(name, a):
    if name == "linear":
        return 1.0
    if name == "sigmoid":
        return activation(name, a) - activation(name, a) ** 2
    if name == "tanh":
        return 1 - activation(name, a) ** 2
    if name == "relu":
        return np.greater(a, 0)


def init_params(sizes, seed):
    rng = np.random.default_rng(seed)
    params = []
    for l in range(1, len(sizes)):
        r = np.sqrt(6.0 / (sizes[l] + sizes[l - 1]))
        params += [(r * (1 - 2 * rng.random((sizes[l], sizes[l - 1]))), np.zeros(sizes[l]))]
    return params


def one(h):
    return np.vstack([h, np.ones(h.shape[1])])


def states(params, X, name):
    T = [np.column_stack(p) for p in params]
    hs = [one(X.T)]
    As = []
    for t in T:
        As.append(t @ hs[-1])
        hs.append(one(activation(name, As[-1])))
    z = As[-1] - As[-1].max(0)
    P = np.exp(z)
    P = P / P.sum(0)
    return T, hs, As, P


def forward(params, X, name):
    return states(params, X, name)[3].T


def loss(params, X, y, name, lam):
    T, hs, As, P = states(params, X, name)
    m = As[-1].max(0)
    lse = m + np.log(np.exp(As[-1] - m).sum(0))
    return (lse - As[-1][y, np.arange(len(y))]).sum() / len(y) + lam * sum(
        (t[:, :-1] ** 2).sum() for t in T
    )


def backprop(params, X, y, name, lam):
    T, hs, As, P = states(params, X, name)
    n = len(y)
    D = P - np.eye(P.shape[0])[:, y]
    out = []
    for l in range(len(T) - 1, -1, -1):
        M = D @ hs[l].T / n
        M[:, :-1] += 2 * lam * T[l][:, :-1]
        out.append([M[:, :-1], M[:, -1]])
        if l:
            D = (T[l][:, :-1].T @ D) * activation_gradient(name, As[l - 1])
    out.reverse()
    return out


def gradient_error(params, X, y, name, lam, eps):
    ana = backprop(params, X, y, name, lam)
    errs = []
    for l, (W, b) in enumerate(params):
        for i in range(W.shape[0]):
            for j in range(W.shape[1]):
                E = np.zeros(W.shape)
                E[i, j] = eps
                up = params[:l] + [(W + E, b)] + params[l + 1 :]
                dn = params[:l] + [(W - E, b)] + params[l + 1 :]
                errs.append(
                    (
                        ana[l][0][i, j],
                        (loss(up, X, y, name, lam) - loss(dn, X, y, name, lam)) / (2 * eps),
                    )
                )
            e = np.zeros(b.shape)
            e[i] = eps
            up = params[:l] + [(W, b + e)] + params[l + 1 :]
            dn = params[:l] + [(W, b - e)] + params[l + 1 :]
            errs.append(
                (ana[l][1][i], (loss(up, X, y, name, lam) - loss(dn, X, y, name, lam)) / 2 / eps)
            )
    return max(abs(a - n) / max(abs(a) + abs(n), 1e-8) for a, n in errs)


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rng = np.random.default_rng(seed)
    n = len(y)
    T = [np.column_stack(p) for p in params]
    split = lambda: [(t[:, :-1], t[:, -1]) for t in T]
    hist = [loss(split(), X, y, name, lam)]
    for e in range(epochs):
        idx = list(range(n))
        rng.shuffle(idx)
        while idx:
            B, idx = idx[:batch_size], idx[batch_size:]
            G = backprop(split(), X[B], y[B], name, lam)
            T = [t - step_size * np.column_stack(g) for t, g in zip(T, G)]
        hist.append(loss(split(), X, y, name, lam))
    return split(), hist


def plot_training(history):
    f = plt.figure()
    a = f.gca()
    a.bar(range(len(history)), history)
    a.set_xlabel("Epoche")
    a.set_ylabel("Verlust")
    return a
