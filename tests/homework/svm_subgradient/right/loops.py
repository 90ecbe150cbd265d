# plain Python, no vectors at all
import math

import matplotlib.pyplot as plt
import numpy as np


def hinge_loss(t):
    t = np.asarray(t)
    if t.ndim == 0:
        return max(0.0, 1.0 - float(t))
    return np.array([hinge_loss(s) for s in t])


def score(w, b, x):
    total = b
    for j in range(len(w)):
        total += w[j] * x[j]
    return total


def objective(w, b, X, y, C):
    f = 0.0
    for j in range(len(w)):
        f += w[j] ** 2 / 2
    for i in range(len(y)):
        m = y[i] * score(w, b, X[i])
        f += C * max(0.0, 1.0 - m)
    return f


def subgradient(w, b, X, y, C):
    gw = [w[j] for j in range(len(w))]
    gb = 0.0
    for i in range(len(y)):
        if y[i] * score(w, b, X[i]) <= 1:
            for j in range(len(w)):
                gw[j] -= C * y[i] * X[i][j]
            gb -= C * y[i]
    return gw, gb


def fit(X, y, C, steps, step_size, schedule):
    d = len(X[0])
    w = [0.0] * d
    b = 0.0
    history = [objective(w, b, X, y, C)]
    best = history[0]
    best_w = list(w)
    best_b = b
    for k in range(1, steps + 1):
        if schedule == "constant":
            a = step_size
        elif schedule == "1/k":
            a = step_size / k
        elif schedule == "1/sqrt(k)":
            a = step_size / math.sqrt(k)
        else:
            raise ValueError("what schedule is " + str(schedule))
        gw, gb = subgradient(w, b, X, y, C)
        for j in range(d):
            w[j] -= a * gw[j]
        b -= a * gb
        f = objective(w, b, X, y, C)
        history.append(f)
        if f < best:
            best, best_w, best_b = f, list(w), b
    return best_w, best_b, history


def margin(w):
    return 2 / math.sqrt(sum(v * v for v in w))


def support_vectors(w, b, X, y, tol):
    found = []
    for i in range(len(y)):
        if y[i] * score(w, b, X[i]) <= 1 + tol:
            found.append(i)
    return found


def plot_decision_boundary(w, b, X, y):
    fig, ax = plt.subplots()
    on = support_vectors(w, b, X, y, 1e-6)
    for i in range(len(y)):
        ax.plot(X[i][0], X[i][1], "bo" if y[i] > 0 else "r^")
        if i in on:
            ax.plot(X[i][0], X[i][1], "o", mfc="none", mec="k", ms=14)
    ax.plot([], [], "bo", label="+1")
    ax.plot([], [], "r^", label="-1")
    left, right = min(x[0] for x in X), max(x[0] for x in X)
    for c in (-1, 0, 1):
        ends = [(c - b - w[0] * s) / w[1] for s in (left, right)]
        ax.plot([left, right], ends, "k-" if c == 0 else "k--")
    ax.set_ylim(min(x[1] for x in X) - 1, max(x[1] for x in X) + 1)
    ax.set_xlabel("first feature")
    ax.set_ylabel("second feature")
    ax.legend()
    return fig
