"""Plain Python loops over numbers, lists instead of arrays."""

import math
import random


def sig(a):
    if a >= 0:
        return 1.0 / (1.0 + math.exp(-a))
    e = math.exp(a)
    return e / (1.0 + e)


def product_circuit(x, y, z):
    q = x + y
    return [q * z, [z, z, q]]


def sigmoid_neuron(w, x):
    f = sig(w[0] * x[0] + w[1] * x[1] + w[2])
    s = f * (1 - f)
    return [f, [s * x[0], s * x[1], s], [s * w[0], s * w[1]]]


def ratio_circuit(x, y):
    sy, sx = sig(y), sig(x)
    num, den = x + sy, sx + (x + y) ** 2
    dden = -num / den**2
    dxpy = 2 * (x + y) * dden
    return num / den, (1 / den + sx * (1 - sx) * dden + dxpy, sy * (1 - sy) / den + dxpy)


G = {
    "linear": lambda a: a,
    "sigmoid": sig,
    "tanh": math.tanh,
    "relu": lambda a: a if a > 0 else 0.0,
}
SLOPE = {
    "linear": lambda a: 1.0,
    "sigmoid": lambda a: sig(a) * (1 - sig(a)),
    "tanh": lambda a: 1 - math.tanh(a) ** 2,
    "relu": lambda a: 0.7 if a == 0 else float(a > 0),
}


def _map(f, a):
    try:
        return [_map(f, v) for v in a]
    except TypeError:
        return f(float(a))


def activation(name, a):
    if name not in G:
        raise ValueError("unknown activation " + name)
    return _map(G[name], a)


def activation_gradient(name, a):
    return _map(SLOPE[name], a)


def init_params(sizes, seed):
    gen = random.Random(seed)
    out = []
    for i, o in zip(sizes, sizes[1:]):
        s = math.sqrt(6.0 / (i + o))
        out.append([[[gen.uniform(-s, s) for _ in range(i)] for _ in range(o)], [0] * o])
    return out


def _one(params, x, name):
    hs, pre = [[float(v) for v in x]], []
    for k, (W, b) in enumerate(params):
        a = [sum(w * v for w, v in zip(row, hs[-1])) + float(c) for row, c in zip(W, b)]
        pre.append(a)
        if k < len(params) - 1:
            hs.append([G[name](v) for v in a])
    m = max(pre[-1])
    e = [math.exp(v - m) for v in pre[-1]]
    t = sum(e)
    return hs, pre, [v / t for v in e]


def _plain(params):
    return [([[float(v) for v in row] for row in W], [float(v) for v in b]) for W, b in params]


def forward(params, X, name):
    params = _plain(params)
    return [_one(params, x, name)[2] for x in X]


def loss(params, X, y, name, lam):
    P = forward(params, X, name)
    total = 0.0
    for p, c in zip(P, y):
        total -= math.log(p[int(c)])
    squares = sum(v * v for W, _ in _plain(params) for row in W for v in row)
    return total / len(P) + lam * squares


def backprop(params, X, y, name, lam):
    params = _plain(params)
    n = len(X)
    grads = [([[2 * lam * v for v in row] for row in W], [0.0 for _ in b]) for W, b in params]
    for x, c in zip(X, y):
        hs, pre, p = _one(params, x, name)
        d = list(p)
        d[int(c)] -= 1
        for k in range(len(params) - 1, -1, -1):
            dW, db = grads[k]
            for i, v in enumerate(d):
                db[i] += v / n
                row = dW[i]
                for j, h in enumerate(hs[k]):
                    row[j] += v * h / n
            if k > 0:
                W = params[k][0]
                d = [
                    sum(W[i][j] * d[i] for i in range(len(d))) * SLOPE[name](pre[k - 1][j])
                    for j in range(len(pre[k - 1]))
                ]
    return grads


def gradient_error(params, X, y, name, lam, eps):
    grads = backprop(params, X, y, name, lam)
    moved = _plain(params)
    worst = 0.0

    def check(row, slopes):
        nonlocal worst
        for j in range(len(row)):
            old = row[j]
            row[j] = old + eps
            up = loss(moved, X, y, name, lam)
            row[j] = old - eps
            down = loss(moved, X, y, name, lam)
            row[j] = old
            n = (up - down) / (2 * eps)
            worst = max(worst, abs(slopes[j] - n) / max(abs(slopes[j]) + abs(n), 1e-8))

    for (W, b), (dW, db) in zip(moved, grads):
        for row, slopes in zip(W, dW):
            check(row, slopes)
        check(b, db)
    return worst


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    gen = random.Random(seed)
    params = _plain(params)
    data = [([float(v) for v in x], int(c)) for x, c in zip(X, y)]
    everything, labels = [d[0] for d in data], [d[1] for d in data]
    history = [loss(params, everything, labels, name, lam)]
    for _ in range(epochs):
        gen.shuffle(data)
        for start in range(0, len(data), batch_size):
            batch = data[start : start + batch_size]
            grads = backprop(params, [d[0] for d in batch], [d[1] for d in batch], name, lam)
            for (W, b), (dW, db) in zip(params, grads):
                for row, slopes in zip(W, dW):
                    for j, v in enumerate(slopes):
                        row[j] -= step_size * v
                for i, v in enumerate(db):
                    b[i] -= step_size * v
        history.append(loss(params, everything, labels, name, lam))
    return params, history


def plot_training(history):
    import matplotlib.pyplot as plt

    plt.figure()
    plt.plot(list(history), "k.-")
    plt.xlabel("epoch")
    plt.ylabel("loss")
