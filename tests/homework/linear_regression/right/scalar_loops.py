"""No numpy at all: lists, loops and Gauss's elimination."""
import math

import matplotlib.pyplot as plt


def predict(w, b, X):
    return [sum(wj * xj for wj, xj in zip(w, x)) + b for x in X]


def loss(w, b, X, y, lam, penalty):
    total = 0.0
    for f, target in zip(predict(w, b, X), y):
        total += (f - target) ** 2
    total /= len(y)
    if penalty == "none":
        return total
    if penalty == "l1":
        return total + lam * math.fsum(abs(v) for v in w) / len(w)
    if penalty == "l2":
        return total + lam * math.fsum(v * v for v in w) / len(w)
    raise ValueError(penalty)


def sign(v):
    return 1.0 if v > 0 else -1.0 if v < 0 else 0.0


def gradient(w, b, X, y, lam, penalty):
    n, k = len(X), len(w)
    dw, db = [0.0] * k, 0.0
    for x, f, target in zip(X, predict(w, b, X), y):
        db += 2 * (f - target) / n
        for j in range(k):
            dw[j] += 2 * (f - target) * x[j] / n
    for j in range(k):
        if penalty == "l1":
            dw[j] += lam / k * sign(w[j])
        if penalty == "l2":
            dw[j] += 2 * lam / k * w[j]
    return dw, db


def eliminate(A, c):
    """Gauss with the largest pivot."""
    m = len(A)
    A = [list(row) + [v] for row, v in zip(A, c)]
    for i in range(m):
        p = max(range(i, m), key=lambda r: abs(A[r][i]))
        A[i], A[p] = A[p], A[i]
        for r in range(i + 1, m):
            factor = A[r][i] / A[i][i]
            for j in range(i, m + 1):
                A[r][j] -= factor * A[i][j]
    x = [0.0] * m
    for i in range(m - 1, -1, -1):
        x[i] = (A[i][m] - sum(A[i][j] * x[j] for j in range(i + 1, m))) / A[i][i]
    return x


def solve(X, y, lam):
    n, k = len(X), len(X[0])
    rows = [[float(v) for v in x] + [1.0] for x in X]
    A = [[sum(r[i] * r[j] for r in rows) / n for j in range(k + 1)] for i in range(k + 1)]
    for j in range(k):
        A[j][j] += lam / k
    c = [sum(r[i] * float(t) for r, t in zip(rows, y)) / n for i in range(k + 1)]
    found = eliminate(A, c)
    return found[:k], found[k]


def fit(X, y, lam, penalty, steps, step_size):
    w, b = [0.0] * len(X[0]), 0.0
    history = [loss(w, b, X, y, lam, penalty)]
    for _ in range(steps):
        dw, db = gradient(w, b, X, y, lam, penalty)
        w = [v - step_size * d for v, d in zip(w, dw)]
        b -= step_size * db
        history.append(loss(w, b, X, y, lam, penalty))
    return [w, b, history]


def standardise(X):
    n, k = len(X), len(X[0])
    means, stds = [], []
    for j in range(k):
        m = sum(float(x[j]) for x in X) / n
        v = sum((float(x[j]) - m) ** 2 for x in X) / n
        means.append(m)
        stds.append(math.sqrt(v) or 1.0)
    return [[(x[j] - means[j]) / stds[j] for j in range(k)] for x in X], means, stds


def coefficient_path(X, y, lams):
    return [solve(X, y, lam)[0] for lam in lams]


def plot_path(lams, path):
    plt.figure()
    for j in range(len(path[0])):
        plt.semilogx(list(lams), [row[j] for row in path], "o--")
    plt.xlabel(r"$\lambda$")
    plt.ylabel("коэффициент")
