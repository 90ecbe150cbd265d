"""Decimals, fractions, deques and array.array: numbers of the standard library."""

from array import array
from collections import deque
from decimal import Decimal
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np


def hinge_loss(t):
    if np.ndim(t):
        return [hinge_loss(part) for part in t]
    return max(Fraction(0), 1 - Fraction(float(t)))


def _margins(w, b, X, y):
    """Exact: fractions do not round."""
    exact = [Fraction(float(v)) for v in w]
    rows = [[Fraction(float(v)) for v in row] for row in X]
    scores = [sum(v * u for v, u in zip(exact, row)) + Fraction(float(b)) for row in rows]
    return [Fraction(float(label)) * score for label, score in zip(y, scores)]


def objective(w, b, X, y, C):
    losses = sum(max(0, 1 - m) for m in _margins(w, b, X, y))
    return Decimal(float(losses)) * Decimal(float(C)) + sum(Decimal(float(v)) ** 2 for v in w) / 2


def subgradient(w, b, X, y, C):
    pushes = [label * (m < 1) for label, m in zip(y, _margins(w, b, X, y))]
    gw = array("d", w)
    for push, row in zip(pushes, X):
        for j, value in enumerate(row):
            gw[j] -= C * push * value
    return gw, Decimal(float(-C * sum(pushes)))


def fit(X, y, C, steps, step_size, schedule):
    rules = {"constant": lambda k: 1, "1/k": lambda k: k, "1/sqrt(k)": lambda k: k**0.5}
    if schedule not in rules:
        raise ValueError(f"no schedule {schedule}")
    w, b = array("d", [0.0] * len(X[0])), Fraction(0)
    history = deque([float(objective(w, b, X, y, C))])
    best = history[0], w, b
    for k in range(1, steps + 1):
        gw, gb = subgradient(w, b, X, y, C)
        size = step_size / rules[schedule](k)
        w = array("d", [v - size * g for v, g in zip(w, gw)])
        b -= Fraction(size * float(gb))
        b = b.limit_denominator(10**15)
        history.append(float(objective(w, b, X, y, C)))
        if history[-1] < best[0]:
            best = history[-1], w, b
    return best[1], best[2], history


def margin(w):
    return 2 / sum(Decimal(float(v)) ** 2 for v in w).sqrt()


def support_vectors(w, b, X, y, tol):
    return deque(i for i, m in enumerate(_margins(w, b, X, y)) if m <= 1 + Fraction(float(tol)))


def plot_decision_boundary(w, b, X, y):
    figure, axes = plt.subplots()
    shift = 0.015 * (X.max(axis=0) - X.min(axis=0))
    for i, (x, label) in enumerate(zip(X, y)):
        axes.plot(*x, "b+" if label > 0 else "r_", ms=9)
        if i in support_vectors(w, b, X, y, 1e-9):
            axes.text(*(x + shift), "SV", fontsize=6)
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
    ends = [X[:, 0].min() - 1 + step * (np.ptp(X[:, 0]) + 2) / 20 for step in range(21)]
    for level in (-1, 0, 1):
        for left, right in zip(ends[:-1], ends[1:]):
            piece = [(level - b - w[0] * x) / w[1] for x in (left, right)]
            axes.plot([left, right], piece, "k-" if level == 0 else "k:")
    axes.plot([], [], "b+", label="+1")
    axes.plot([], [], "r_", label="-1")
    axes.set_xlabel("x1")
    axes.set_ylabel("x2")
    axes.legend()
    return figure
