import math

import matplotlib.pyplot as plt
import numpy as np


def rivals(s, y):
    return [s[j] - s[y] + 1 for j in range(len(s)) if j != y]


def multiclass_hinge(S, y):
    return [max([0.0] + rivals(s, t)) for s, t in zip(S, y)]


def summed_hinge(S, y):
    return [sum(max(0.0, g) for g in rivals(s, t)) for s, t in zip(S, y)]


def objective(W, X, y, C):
    S = [[sum(x[a] * W[a][j] for a in range(len(x))) for j in range(len(W[0]))] for x in X]
    return sum(v * v for row in W for v in row) / 2 + C * sum(multiclass_hinge(S, y))


def subgradient(W, X, y, C):
    G = [list(row) for row in W]
    d, k = W.shape
    for x, t in zip(X, y):
        s = [sum(x[a] * W[a][j] for a in range(d)) for j in range(k)]
        j = max((j for j in range(k) if j != t), key=lambda j: s[j])
        if s[j] - s[t] + 1 >= 0:
            for a in range(d):
                G[a][j] += C * x[a]
                G[a][t] -= C * x[a]
    return G


def fit(X, y, W0, C, steps, step_size):
    W = W0.copy()
    best, values = W.copy(), [objective(W, X, y, C)]
    for t in range(steps):
        W -= step_size / math.sqrt(t + 1) * np.array(subgradient(W, X, y, C))
        values += [objective(W, X, y, C)]
        if values[-1] < min(values[:-1]):
            best = W.copy()
    return best, values


def preference_pairs(q, r):
    pairs = []
    for i in reversed(range(len(q))):
        for j in range(len(q)):
            if q[i] == q[j] and r[i] > r[j]:
                pairs.append([i, j])
    return pairs


def ranking_objective(w, Phi, q, r, C):
    total = 0
    for i, j in preference_pairs(q, r):
        total += max(0, 1 - sum(w[a] * (Phi[i][a] - Phi[j][a]) for a in range(len(w))))
    return 0.5 * sum(v**2 for v in w) + C * total


def ranking_subgradient(w, Phi, q, r, C):
    g = list(w)
    for i, j in preference_pairs(q, r):
        if sum(w[a] * (Phi[i][a] - Phi[j][a]) for a in range(len(w))) <= 1:
            for a in range(len(w)):
                g[a] -= C * (Phi[i][a] - Phi[j][a])
    return g


def swapped_pairs(scores, q, r):
    return len([1 for i, j in preference_pairs(q, r) if scores[i] <= scores[j]])


def joint_feature(x, y):
    return [a * b for a in x for b in y]


def loss_augmented(w, x, y):
    best = []
    for b in range(len(y)):
        v = sum(w[a * len(y) + b] * x[a] for a in range(len(x)))
        best.append(max((-1, 1), key=lambda s: (s != y[b]) + v * s))
    return best


def structured_objective(w, X, Y, lam):
    total = 0
    for x, y in zip(X, Y):
        z = loss_augmented(w, x, y)
        p, o = joint_feature(x, y), joint_feature(x, z)
        total += sum(a != b for a, b in zip(y, z)) - sum(w[i] * (p[i] - o[i]) for i in range(len(w)))
    return lam / 2 * sum(v * v for v in w) + total / len(X)


def structured_subgradient(w, X, Y, lam):
    g = [lam * v for v in w]
    for x, y in zip(X, Y):
        p, o = joint_feature(x, y), joint_feature(x, loss_augmented(w, x, y))
        for i in range(len(g)):
            g[i] += (o[i] - p[i]) / len(X)
    return g


def plot_regions(W, X, y):
    xs = np.linspace(min(X[:, 0]) - 0.5, max(X[:, 0]) + 0.5, 80)
    ys = np.linspace(min(X[:, 1]) - 0.5, max(X[:, 1]) + 0.5, 80)
    Z = np.zeros((80, 80))
    for i in range(80):
        for j in range(80):
            Z[i, j] = np.argmax(np.array([xs[j], ys[i], 1]) @ W)
    plt.contourf(xs, ys, Z, levels=[-1, 0.5, 1.5, 3], colors=["mistyrose", "honeydew", "lavender"])
    for c, m in zip(range(3), "o^s"):
        plt.plot(X[y == c, 0], X[y == c, 1], m)
    plt.xlabel("first")
    plt.ylabel("second")
