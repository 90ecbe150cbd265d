"""Scalars and lists; eigenvectors by Jacobi's rotations."""

import math
import random

import matplotlib.pyplot as plt


def each(f, a):
    return f(float(a)) if getattr(a, "ndim", 0) == 0 else [each(f, v) for v in a]


def activation(name, a):
    if name == "leaky_relu":
        return each(lambda v: v if v > 0 else 0.1 * v, a)
    elif name == "elu":
        return each(lambda v: v if v > 0 else math.exp(v) - 1, a)
    elif name == "tanh":
        return each(math.tanh, a)
    elif name == "relu":
        return each(lambda v: v if v > 0 else 0.0, a)
    raise ValueError("no such activation: " + name)


def activation_gradient(name, a):
    slopes = {
        "leaky_relu": lambda v: 1 if v >= 0 else 0.1,
        "elu": lambda v: 1 if v > 0 else math.exp(v),
        "tanh": lambda v: 1 - math.tanh(v) ** 2,
        "relu": lambda v: 1 if v >= 0 else 0,
    }
    return each(slopes[name], a)


def piece(x, W, b, j):
    return sum(x[i] * W[i][j] for i in range(len(x))) + b[j]


def maxout(x, W1, b1, W2, b2):
    return [max(piece(x, W1, b1, j), piece(x, W2, b2, j)) for j in range(len(b1))]


def maxout_backward(dy, x, W1, b1, W2, b2):
    d, h = len(x), len(b1)
    dx, dW1, dW2 = [0.0] * d, [[0.0] * h for _ in x], [[0.0] * h for _ in x]
    db1, db2 = [0.0] * h, [0.0] * h
    for j in range(h):
        if piece(x, W1, b1, j) > piece(x, W2, b2, j):
            W, dW, db = W1, dW1, db1
        else:
            W, dW, db = W2, dW2, db2
        db[j] = dy[j]
        for i in range(d):
            dW[i][j] = dy[j] * x[i]
            dx[i] += dy[j] * W[i][j]
    return dx, dW1, db1, dW2, db2


def init_weights(name, fan_in, fan_out, seed):
    r = random.Random(seed)
    c = (6 / (fan_in + fan_out)) ** 0.5
    law = {
        "zeros": lambda: 0,
        "small": lambda: r.normalvariate(0, 0.01),
        "scaled": lambda: r.normalvariate(0, 1) / math.sqrt(fan_in),
        "glorot": lambda: 2 * c * r.random() - c,
    }[name]
    return [[law() for _ in range(fan_in)] for _ in range(fan_out)]


def deviation(rows):
    values = [v for row in rows for v in row]
    mean = sum(values) / len(values)
    return (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5


def layer_spread(X, weights, name):
    H, out = [list(map(float, row)) for row in X], []
    for W in weights:
        H = [
            [activation(name, sum(w * v for w, v in zip(unit, row))) for unit in W] for row in H
        ]
        out.append(deviation(H))
    return out


def centre(X):
    n, d = len(X), len(X[0])
    mean = [sum(row[j] for row in X) / n for j in range(d)]
    return [[row[j] - mean[j] for j in range(d)] for row in X], mean


def jacobi(C):
    d = len(C)
    V = [[float(i == j) for j in range(d)] for i in range(d)]
    for _ in range(60):
        off = sum(C[p][q] ** 2 for p in range(d) for q in range(d) if p != q)
        if off < 1e-28:
            break
        for p in range(d):
            for q in range(p + 1, d):
                if abs(C[p][q]) < 1e-18:
                    continue
                t = 0.5 * math.atan2(2 * C[p][q], C[q][q] - C[p][p])
                c, s = math.cos(t), math.sin(t)
                for k in range(d):
                    C[k][p], C[k][q] = c * C[k][p] - s * C[k][q], s * C[k][p] + c * C[k][q]
                for k in range(d):
                    C[p][k], C[q][k] = c * C[p][k] - s * C[q][k], s * C[p][k] + c * C[q][k]
                    V[k][p], V[k][q] = c * V[k][p] - s * V[k][q], s * V[k][p] + c * V[k][q]
    return [C[i][i] for i in range(d)], V


def principal_directions(X, k):
    Z, _ = centre(X)
    n, d = len(Z), len(Z[0])
    C = [[sum(row[i] * row[j] for row in Z) / n for j in range(d)] for i in range(d)]
    values, V = jacobi(C)
    order = sorted(range(d), key=lambda i: -values[i])[:k]
    return [values[i] for i in order], [[V[r][i] for i in order] for r in range(d)]


def scores(X, k):
    Z, mean = centre(X)
    values, V = principal_directions(X, k)
    return [[sum(z * V[i][j] for i, z in enumerate(row)) for j in range(k)] for row in Z], values, V, mean


def reconstruct(X, k):
    S, _, V, mean = scores(X, k)
    return [[mean[i] + sum(s * v for s, v in zip(row, V[i])) for i in range(len(mean))] for row in S]


def whiten(X, k, eps):
    S, values, _, _ = scores(X, k)
    return [[s / math.sqrt(v + eps) for s, v in zip(row, values)] for row in S]


def plot_spread(spreads):
    plt.figure()
    for name in spreads:
        plt.plot(spreads[name], marker="o", label="init: " + name)
    plt.legend()
    plt.xlabel("layer")
    plt.ylabel("std")
    plt.yscale("log")
