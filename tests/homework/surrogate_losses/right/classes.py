"""Each loss is an object; the hinge's slope at its corner is drawn at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np
from matplotlib.figure import Figure


@dataclass(frozen=True)
class Loss:
    value: Callable
    slope: Callable | None = None

    def risk(self, margins):
        return self.value(margins).mean()


def stable(t):
    e = np.exp(-abs(t))
    return np.where(t >= 0, e / (1 + e), 1 / (1 + e))


def corner(t):
    return np.where(t < 1, -1.0, np.where(t > 1, 0.0, -np.random.uniform(size=np.shape(t))))


LOSSES = {
    "zero_one": Loss(lambda t: (t <= 0).astype(int)),
    "hinge": Loss(lambda t: np.maximum(1 - t, 0), corner),
    "logistic": Loss(
        lambda t: (np.log1p(np.exp(-abs(t))) + np.maximum(-t, 0)) / np.log(2),
        lambda t: -stable(t) / np.log(2),
    ),
    "modified_huber": Loss(
        lambda t: np.select([t > 1, t > 0], [0 * t, (1 - t) ** 2], 1 - 2 * t),
        lambda t: np.select([t > 1, t > 0], [0 * t, 2 * (t - 1)], -2.0),
    ),
    "exponential": Loss(lambda t: np.exp(-t), lambda t: -np.exp(-t)),
    "sigmoid": Loss(stable, lambda t: -stable(t) * stable(-t)),
}


class UnknownLoss(ValueError):
    pass


def get(name):
    try:
        return LOSSES[name]
    except KeyError:
        raise UnknownLoss(f"no loss is called {name!r}") from None


def loss(name, t):
    return get(name).value(t)


def derivative(name, t):
    return get(name).slope(t)


def empirical_risk(name, w, b, X, y):
    return get(name).risk(y * (X.dot(w) + b))


def risk_gradient(name, w, b, X, y):
    Z = np.hstack([X, np.ones((len(X), 1))])
    g = (derivative(name, y * (Z @ np.r_[w, b])) * y) @ Z / len(Z)
    return g[:-1], g[-1:].reshape(())


def midpoint_gap(name, u, v):
    return -np.mean([loss(name, u), loss(name, v)], axis=0) + loss(name, np.mean([u, v], axis=0))


def nonconvex_losses(grid):
    i, j = np.triu_indices(len(grid))
    return tuple(sorted(n for n in LOSSES if n != "zero_one" and (midpoint_gap(n, grid[i], grid[j]) > 1e-6).any()))


def upper_bounds(grid):
    return [n for n in sorted(set(LOSSES) - {"zero_one"}) if min(loss(n, grid) - loss("zero_one", grid)) >= 0]


def plot_losses(ts):
    figure = Figure()
    axes = figure.subplots()
    left, right = ts[ts < 0], ts[ts > 0]
    axes.plot(left, np.ones_like(left), "k", label="zero_one")
    axes.plot(right, np.zeros_like(right), "k")
    for name in list(LOSSES)[1:]:
        axes.plot(ts, np.clip(loss(name, ts), None, 3), label=name)
    axes.set(xlabel="t", ylabel="loss")
    axes.legend()
    return figure
