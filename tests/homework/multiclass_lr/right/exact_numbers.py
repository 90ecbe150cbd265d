"""Decimals, fractions, deques and array.array: numbers of the standard library."""

from array import array
from collections import deque
from decimal import Decimal, getcontext
from fractions import Fraction

import matplotlib.pyplot as plt

getcontext().prec = 25


def _exps(row):
    """A Decimal's exponent has room for exp(10000)."""
    return [Decimal(float(z)).exp() for z in row]


def softmax(Z):
    table = []
    for row in Z:
        exps = _exps(row)
        table.append([e / sum(exps) for e in exps])
    return table


def _scores(W, b, X):
    return [
        [sum(float(x) * float(W[j][c]) for j, x in enumerate(row)) + float(b[c]) for c in range(len(b))]
        for row in X
    ]


def log_likelihood(W, b, X, y):
    total = Decimal(0)
    for row, label in zip(_scores(W, b, X), y):
        total += Decimal(row[label]) - sum(_exps(row)).ln()
    return total


def gradient(W, b, X, y):
    dW = [array("d", [0.0] * len(b)) for _ in X[0]]
    db = array("d", [0.0] * len(b))
    for x, label, probabilities in zip(X, y, softmax(_scores(W, b, X))):
        for c, p in enumerate(probabilities):
            rest = (c == label) - float(p)
            db[c] += rest
            for j, value in enumerate(x):
                dW[j][c] += float(value) * rest
    return dW, db


def cross_entropy(P, Q):
    return [
        -sum(Decimal(float(p)) * Decimal(float(q)).ln() for p, q in zip(*pair) if p > 0)
        for pair in zip(P, Q)
    ]


def objective(W, b, X, y):
    return -Fraction(log_likelihood(W, b, X, y)) / len(X)


def fit(X, y, k, steps, step_size):
    W, b = [[0.0] * k for _ in X[0]], [0.0] * k
    history = deque([objective(W, b, X, y)])
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        W = [[w + step_size * d / len(X) for w, d in zip(*rows)] for rows in zip(W, dW)]
        b = [v + step_size * d / len(X) for v, d in zip(b, db)]
        history.append(objective(W, b, X, y))
    return W, deque(b), history


def predict(W, b, X):
    return array("i", [row.index(max(row)) for row in _scores(W, b, X)])


def plot_history(history):
    for i in range(len(history) - 1):
        plt.plot([i, i + 1], [history[i], history[i + 1]], "b-")
    plt.xlabel("iteration")
    plt.ylabel("objective")
    return plt
