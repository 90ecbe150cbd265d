"""No numpy at all: lists and loops."""
import math

import matplotlib.pyplot as plt


def softmax_row(z):
    biggest = max(z)
    powers = [math.exp(v - biggest) for v in z]
    total = sum(powers)
    return [p / total for p in powers]


def softmax(Z):
    return [softmax_row(list(z)) for z in Z]


def scores(W, b, x):
    out = []
    for c in range(len(b)):
        s = b[c]
        for j in range(len(x)):
            s = s + x[j] * W[j][c]
        out.append(s)
    return out


def log_likelihood(W, b, X, y):
    total = 0.0
    for i in range(len(X)):
        z = scores(W, b, X[i])
        biggest = max(z)
        total += z[y[i]] - biggest - math.log(sum(math.exp(v - biggest) for v in z))
    return total


def gradient(W, b, X, y):
    d, k = len(W), len(b)
    dW = [[0.0 for _ in range(k)] for _ in range(d)]
    db = [0.0 for _ in range(k)]
    for i in range(len(X)):
        p = softmax_row(scores(W, b, X[i]))
        for c in range(k):
            r = (1.0 if c == y[i] else 0.0) - p[c]
            db[c] += r
            for j in range(d):
                dW[j][c] += r * X[i][j]
    return dW, db


def cross_entropy(P, Q):
    result = []
    for p, q in zip(P, Q):
        h = 0.0
        for u, v in zip(p, q):
            if u != 0:
                h -= u * math.log(v)
        result.append(h)
    return result


def objective(W, b, X, y):
    return -log_likelihood(W, b, X, y) / len(X)


def fit(X, y, k, steps, step_size):
    X = [[float(v) for v in x] for x in X]
    y = [int(label) for label in y]
    n, d = len(X), len(X[0])
    W = [[0.0] * k for _ in range(d)]
    b = [0.0] * k
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        for c in range(k):
            b[c] += step_size * db[c] / n
            for j in range(d):
                W[j][c] += step_size * dW[j][c] / n
        history.append(objective(W, b, X, y))
    return [W, b, history]


def predict(W, b, X):
    labels = []
    for x in X:
        z = scores(W, b, x)
        best = 0
        for c in range(1, len(z)):
            if z[c] > z[best]:
                best = c
        labels.append(best)
    return labels


def plot_history(history):
    plt.figure()
    for i in range(1, len(history)):
        plt.plot([i - 1, i], [history[i - 1], history[i]], color="blue")
    plt.xlabel("iteration")
    plt.ylabel("objective")
