"""Typed, functional, with an Enum, a generator and cached step sizes."""

from __future__ import annotations

import enum
import functools
import itertools
from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt

Vec = npt.NDArray[np.float64]


class Schedule(enum.Enum):
    CONSTANT = "constant"
    INVERSE = "1/k"
    ROOT = "1/sqrt(k)"

    @functools.lru_cache(maxsize=None)
    def factor(self, k: int) -> float:
        return {"CONSTANT": 1.0, "INVERSE": 1.0 / k, "ROOT": 1.0 / k**0.5}[self.name]


def hinge_loss(t: Vec) -> Vec:
    return np.piecewise(t, [t < 1], [lambda s: 1 - s, 0.0])


def _m(w: Vec, b: float, X: Vec, y: Vec) -> Vec:
    return y * (np.tensordot(X, w, axes=1) + b)


def objective(w: Vec, b: float, X: Vec, y: Vec, C: float) -> float:
    return 0.5 * float(np.vdot(w, w)) + C * float(hinge_loss(_m(w, b, X, y)).sum())


def subgradient(w: Vec, b: float, X: Vec, y: Vec, C: float) -> tuple[Vec, float]:
    active = y[_m(w, b, X, y) < 1], X[_m(w, b, X, y) < 1]
    gw, gb = functools.reduce(
        lambda g, yx: (g[0] - C * yx[0] * yx[1], g[1] - C * yx[0]), zip(*active, strict=True), (w, 0.0)
    )
    return gw, gb


def _walk(X: Vec, y: Vec, C: float, step_size: float, rule: Schedule) -> Iterator[tuple[Vec, float]]:
    w, b = np.zeros(X.shape[1]), 0.0
    for k in itertools.count(1):
        yield w, b
        gw, gb = subgradient(w, b, X, y, C)
        w, b = w - step_size * rule.factor(k) * gw, b - step_size * rule.factor(k) * gb


def fit(X: Vec, y: Vec, C: float, steps: int, step_size: float, schedule: str):
    path = list(itertools.islice(_walk(X, y, C, step_size, Schedule(schedule)), steps + 1))
    history = [objective(w, b, X, y, C) for w, b in path]
    return *path[history.index(min(history))], np.array(history)


def margin(w: Vec) -> np.float64:
    return 2 / np.sqrt(np.square(w).sum())


def support_vectors(w: Vec, b: float, X: Vec, y: Vec, tol: float) -> npt.NDArray[np.intp]:
    (found,) = np.where(_m(w, b, X, y) <= 1 + tol)
    return found


def plot_decision_boundary(w: Vec, b: float, X: Vec, y: Vec) -> plt.Figure:
    fig, ax = plt.subplots(subplot_kw={"facecolor": "0.95"})
    sv = support_vectors(w, b, X, y, 1e-2)
    edge = np.full(len(y), "none", dtype=object)
    for s, colour in ((1.0, "tab:olive"), (-1.0, "tab:cyan")):
        ax.scatter(X[y == s, 0], X[y == s, 1], c=colour, s=30, label=f"$y = {s:+.0f}$")
    ax.plot(X[sv, 0], X[sv, 1], "k+", ms=16, label="support vectors")
    x1 = np.linspace(*ax.get_xlim(), 100)
    ax.set_ylim(ax.get_ylim())
    ax.fill_between(x1, (-1 - b - w[0] * x1) / w[1], (1 - b - w[0] * x1) / w[1], alpha=0.2, color="k")
    ax.plot(x1, (-b - w[0] * x1) / w[1], "r-", lw=2, label=r"$\mathbf{w}^\top\mathbf{x} + b = 0$")
    fig.supxlabel("$x_1$")
    fig.supylabel("$x_2$")
    ax.legend(title="SVM")
    return fig
