"""A registry of classes; the zero-one loss as a step through three points."""

import matplotlib.pyplot as plt
import numpy as np


import abc, enum


class Loss(abc.ABC):
    registry = {}

    def __init_subclass__(cls, name=None, **k):
        super().__init_subclass__(**k)
        Loss.registry[name] = cls

    @staticmethod
    @abc.abstractmethod
    def f(t):
        raise NotImplementedError


class Z(Loss, name="zero_one"):
    f = staticmethod(lambda t: (t <= 0) * 1.0)


class H(Loss, name="hinge"):
    f = staticmethod(lambda t: (1 - t) * (t < 1))
    df = staticmethod(lambda t: -1.0 * (t < 1))


class Lo(Loss, name="logistic"):
    f = staticmethod(lambda t: np.log2(1 + np.exp(-np.abs(t))) + np.maximum(-t, 0) / np.log(2))
    df = staticmethod(lambda t: -np.exp(-t) / (1 + np.exp(-t)) / np.log(2))


class M(Loss, name="modified_huber"):
    f = staticmethod(lambda t: np.maximum(0, 1 - np.maximum(t, 0)) ** 2 + 2 * np.maximum(-t, 0))
    df = staticmethod(
        lambda t: np.piecewise(
            np.asarray(t, float),
            [t <= 0, (t > 0) & (t <= 1), t > 1],
            [-2, lambda s: 2 * (s - 1), 0],
        )
    )


class E(Loss, name="exponential"):
    f = staticmethod(lambda t: np.exp(-t))
    df = staticmethod(lambda t: -np.exp(-t))


class S(Loss, name="sigmoid"):
    f = staticmethod(lambda t: np.where(t > 0, np.exp(-np.abs(t)), 1) / (1 + np.exp(-np.abs(t))))
    df = staticmethod(lambda t: -0.25 / np.cosh(t / 2) ** 2)


def loss(name, t):
    try:
        return Loss.registry[name].f(np.array(t))
    except KeyError:
        raise ValueError from None


def derivative(name, t):
    return Loss.registry[name].df(np.array(t))


def empirical_risk(name, w, b, X, y):
    return float(loss(name, np.einsum("n,nd,d->n", y, X, w) + y * b).mean())


def risk_gradient(name, w, b, X, y):
    A = np.c_[X, np.ones(len(X))]
    g = (derivative(name, y * (A @ np.r_[w, b])) * y)[:, None] * A
    m = g.mean(0)
    return m[:-1], m[-1]


def midpoint_gap(name, u, v):
    m = loss(name, np.mean([u, v], axis=0))
    return m - np.mean([loss(name, u), loss(name, v)], axis=0)


def nonconvex_losses(grid):
    g = np.sort(grid)
    out = []
    for n in sorted(Loss.registry):
        if (
            n != "zero_one"
            and np.max(midpoint_gap(n, np.repeat(g, len(g)), np.tile(g, len(g)))) > 1e-6
        ):
            out.append(n)
    return out


def upper_bounds(grid):
    return sorted(
        filter(
            lambda n: n != "zero_one" and not np.any(loss(n, grid) < Z.f(np.array(grid))),
            Loss.registry,
        )
    )


def plot_losses(ts):
    fig, (ax, other) = plt.subplots(2, sharex=True)
    ax.step([ts[0], 0, ts[-1]], [1, 0, 0], "k", where="post", label="0-1")
    for name in sorted(set(Loss.registry) - {"zero_one", "sigmoid"}):
        ax.plot(ts, loss(name, ts), "o-", mfc="w", ms=2, label=name)
    ax.legend()
    ax.set(ylim=(0, 3), ylabel="perte")
    other.plot(ts, loss("sigmoid", ts))
    other.set(xlabel="marge", ylabel="sigmoid")
    return fig
