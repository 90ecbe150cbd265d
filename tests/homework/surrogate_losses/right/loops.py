import math

import matplotlib.pyplot as plt
import numpy as np


def one(name, t):
    if name == "zero_one":
        return 1 if t < 0 else 0
    elif name == "hinge":
        return 1 - t if t < 1 else 0
    elif name == "logistic":
        if t < -30:
            return -t / math.log(2)
        return math.log2(1 + math.exp(-t)) if t < 700 else 0.0
    elif name == "modified_huber":
        if t <= 0:
            return -2 * t + 1
        return (t - 1) ** 2 if t <= 1 else 0
    elif name == "exponential":
        return math.exp(-t)
    elif name == "sigmoid":
        return 0.0 if t > 700 else 1 / (1 + math.exp(t))
    else:
        raise ValueError("what is " + str(name))


def slope(name, t):
    if name == "hinge":
        return -1 if t <= 1 else 0
    if name == "logistic":
        return -1 / (1 + math.exp(t)) / math.log(2)
    if name == "modified_huber":
        return -2 if t < 0 else (2 * t - 2 if t < 1 else 0)
    if name == "exponential":
        return -math.exp(-t)
    return -math.exp(t) / (1 + math.exp(t)) ** 2


def nested(function, name, t):
    if isinstance(t, list):
        return [nested(function, name, s) for s in t]
    return function(name, t)


def loss(name, t):
    return nested(one, name, np.asarray(t).tolist())


def derivative(name, t):
    return nested(slope, name, np.asarray(t).tolist())


def empirical_risk(name, w, b, X, y):
    total = 0
    for i in range(len(y)):
        total += one(name, y[i] * (sum(w[j] * X[i][j] for j in range(len(w))) + b))
    return total / len(y)


def risk_gradient(name, w, b, X, y):
    n, d = X.shape
    gw, gb = [0.0] * d, 0.0
    for i in range(n):
        s = y[i] * slope(name, y[i] * (sum(w[j] * X[i, j] for j in range(d)) + b)) / n
        for j in range(d):
            gw[j] += s * X[i, j]
        gb += s
    return [gw, gb]


def midpoint_gap(name, u, v):
    shape = u.shape
    pairs = zip(u.ravel(), v.ravel())
    return np.array([one(name, (p + q) / 2) - 0.5 * (one(name, p) + one(name, q)) for p, q in pairs]).reshape(shape)


FIVE = ("sigmoid", "logistic", "hinge", "exponential", "modified_huber")


def nonconvex_losses(grid):
    found = []
    for name in FIVE:
        for u in grid:
            for v in grid:
                if one(name, (u + v) / 2) - (one(name, u) + one(name, v)) / 2 > 1e-6 and name not in found:
                    found.append(name)
    found.sort()
    return found


def upper_bounds(grid):
    found = []
    for name in FIVE:
        good = True
        for t in grid:
            if one(name, t) < one("zero_one", t):
                good = False
        if good:
            found.append(name)
    return sorted(found)


def plot_losses(ts):
    for name in FIVE + ("zero_one",):
        plt.plot(ts, [one(name, t) for t in ts], label="l_" + name)
    plt.ylim(0, 5)
    plt.xlabel("Margin")
    plt.ylabel("Loss")
    plt.legend()
