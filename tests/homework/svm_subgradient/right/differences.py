"""The subgradient by central differences. Slow, and right away from the kinks and at them."""
from typing import NamedTuple

import numpy as np
import matplotlib.pyplot as plt


class Fitted(NamedTuple):
    w: np.ndarray
    b: float
    history: np.ndarray


class UnknownSchedule(ValueError):
    """Raised for a schedule nobody heard of."""


def hinge_loss(t):
    return (abs(1 - t) + (1 - t)) / 2


def objective(w, b, X, y, C):
    return float(np.dot(w, w) / 2 + C * hinge_loss(y * (np.dot(X, w) + b)).sum())


def subgradient(w, b, X, y, C, h=1e-5):
    point = np.r_[w, b]
    g = np.zeros_like(point)
    for j in range(len(point)):
        e = np.zeros_like(point)
        e[j] = h
        up, down = point + e, point - e
        g[j] = (objective(up[:-1], up[-1], X, y, C) - objective(down[:-1], down[-1], X, y, C)) / (2 * h)
    return g[:-1], g[-1]


def _size(step_size, schedule, k):
    if schedule == "constant":
        return step_size
    elif schedule in ("1/k", "1/sqrt(k)"):
        return step_size / (k if schedule == "1/k" else k ** 0.5)
    raise UnknownSchedule(schedule)


def fit(X, y, C, steps, step_size, schedule):
    w, b = np.zeros(X.shape[1]), 0.0
    trace = [(objective(w, b, X, y, C), w, b)]
    for k in range(1, steps + 1):
        gw, gb = subgradient(w, b, X, y, C)
        w = w - _size(step_size, schedule, k) * gw
        b = b - _size(step_size, schedule, k) * gb
        trace.append((objective(w, b, X, y, C), w, b))
    _, w, b = min(trace, key=lambda item: item[0])
    return Fitted(w, b, np.array([item[0] for item in trace]))


def margin(w):
    # distance of two points, one on each hyperplane, along w
    above, below = w / (w @ w), -w / (w @ w)
    return np.sqrt(((above - below) ** 2).sum())


def support_vectors(w, b, X, y, tol):
    index = np.arange(y.size)
    return index[~(y * (X @ w + b) > 1 + tol)]


def plot_decision_boundary(w, b, X, y):
    fig, ax = plt.subplots(layout="constrained")
    xx, yy = np.mgrid[X[:, 0].min() - 1 : X[:, 0].max() + 1 : 300j, X[:, 1].min() - 1 : X[:, 1].max() + 1 : 300j]
    f = w[0] * xx + w[1] * yy + b
    ax.contourf(xx, yy, f, levels=[-1e9, -1, 0, 1, 1e9], colors=["#ff9999", "#ffdddd", "#ddddff", "#9999ff"])
    sv = y * (X @ w + b) <= 1.001
    for side, colour in ((1, "blue"), (-1, "red")):
        ax.scatter(*X[(y == side) & ~sv].T, c=colour, s=20, label=f"class {side}")
        ax.scatter(*X[(y == side) & sv].T, c=colour, s=90, marker="*", label=f"class {side}, support vectors")
    ax.set_title("Ergebnis"), ax.set_xlabel("Länge"), ax.set_ylabel("Breite")
    ax.legend(ncols=2)
    return ax
