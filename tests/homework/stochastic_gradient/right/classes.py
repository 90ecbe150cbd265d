from __future__ import annotations

import abc
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np


@dataclass(frozen=True)
class LeastSquares:
    X: np.ndarray
    y: np.ndarray

    @property
    def n(self) -> int:
        return self.y.shape[0]

    def residuals(self, w):
        return self.X @ w - self.y

    def gradients(self, w):
        return self.residuals(w)[:, np.newaxis] * self.X

    def gradient(self, w):
        return self.gradients(w).mean(axis=0)

    def restricted(self, indices) -> LeastSquares:
        return LeastSquares(self.X[indices], self.y[indices])


def full_gradient(w, X, y):
    return LeastSquares(X, y).gradient(w)


def batch_gradient(w, X, y, indices):
    return LeastSquares(X, y).restricted(indices).gradient(w)


class Schedule(abc.ABC):
    def __init__(self, alpha, delta):
        self.alpha, self.delta = alpha, delta

    @abc.abstractmethod
    def at(self, t):
        raise NotImplementedError

    order = None


class Constant(Schedule):
    order = property(lambda self: 0)

    def at(self, t):
        return self.alpha


class Inverse(Schedule):
    order = property(lambda self: 1)

    def at(self, t):
        return self.alpha / (1 + self.delta * t)


class Power(Schedule):
    order = property(lambda self: self.delta)

    def at(self, t):
        return self.alpha * t ** (-self.delta)


KINDS = {"constant": Constant, "inverse": Inverse, "power": Power}


def step_sizes(schedule, alpha, delta, steps):
    try:
        kind = KINDS[schedule](alpha, delta)
    except KeyError:
        raise ValueError(f"unknown: {schedule}") from None
    return np.fromiter((kind.at(t) for t in range(1, steps + 1)), float)


def meets_conditions(schedule, delta):
    order = KINDS[schedule](1.0, delta).order
    return order <= 1, order > 0.5


class Sampler:
    def __init__(self, n, seed):
        self.n, self.bits = n, np.random.Generator(np.random.PCG64(seed))

    def __call__(self, size):
        return self.bits.integers(self.n, size=size)


def draw_batches(n, steps, batch_size, seed):
    sampler = Sampler(n, seed)
    return np.array([sampler(batch_size) for _ in range(steps)])


class Path(list):
    def step(self, g, alpha):
        self.append(self[-1] - alpha * g)


def sgd(X, y, w0, batches, alphas):
    problem, path = LeastSquares(X, y), Path([w0])
    for batch, alpha in zip(batches, alphas):
        path.step(problem.restricted(batch).gradient(path[-1]), alpha)
    return np.array(path)


def weighted_average(path, alphas):
    weights = alphas / alphas.sum()
    return sum(weight * w for weight, w in zip(weights, path))


@dataclass
class Theorem:
    R2: float
    G2: float

    def bound(self, alphas):
        first, second = np.sum(alphas), np.sum(np.square(alphas))
        return self.R2 / first / 2 + self.G2 * second / first / 2

    def best(self, steps):
        return np.sqrt(self.R2) / np.sqrt(self.G2 * steps)


def bound(R2, G2, alphas):
    return Theorem(R2, G2).bound(alphas)


def best_constant_step(R2, G2, steps):
    return Theorem(R2, G2).best(steps)


def gradient_variance(w, X, y, batch_size):
    G = LeastSquares(X, y).gradients(w)
    return np.linalg.norm(G - G.mean(0)) ** 2 / len(G) / batch_size


class Figure:
    def __init__(self):
        self.fig, self.ax = plt.subplots()

    def add(self, name, h):
        self.ax.plot(h, label=name)

    def done(self):
        self.ax.set(xlabel="t", ylabel="gap", yscale="log")
        self.ax.legend()
        return self.fig


def plot_runs(histories):
    figure = Figure()
    for item in histories.items():
        figure.add(*item)
    return figure.done()
