"""Classes, dataclasses and postponed annotations."""

from __future__ import annotations

import abc
from dataclasses import dataclass, field

import matplotlib.pyplot as plt
import numpy as np


@dataclass(frozen=True)
class Quadratic:
    A: np.ndarray
    b: np.ndarray

    def __call__(self, x):
        return float(0.5 * np.dot(x, np.dot(self.A, x)) - np.dot(self.b, x))

    def gradient(self, x: np.ndarray) -> np.ndarray:
        return np.dot(self.A, x) - self.b

    @property
    def minimiser(self):
        return np.linalg.inv(self.A) @ self.b

    def gap(self, x):
        return self(x) - self(self.minimiser)


@dataclass
class Optimiser(abc.ABC):
    f: Quadratic
    step_size: float

    @abc.abstractmethod
    def direction(self, g):
        raise NotImplementedError

    def run(self, x0, steps):
        trace = np.zeros((steps + 1, x0.size))
        x = trace[0] = x0.copy()
        for k in range(1, steps + 1):
            x = trace[k] = x - self.step_size * self.direction(self.f.gradient(x))
        return trace


class Plain(Optimiser):
    def direction(self, g):
        return g


@dataclass
class Adaptive(Optimiser):
    eps: float = 1e-8
    memory: np.ndarray | float = field(default=0.0)

    def direction(self, g):
        self.memory = self.memory + np.square(g)
        return g / np.sqrt(self.memory + self.eps)


def quadratic(x, A, b):
    return Quadratic(A, b)(x)


def quadratic_gradient(x, A, b):
    return Quadratic(A, b).gradient(x)


def gradient_descent(A, b, x0, step_size, steps):
    return Plain(Quadratic(A, b), step_size).run(x0, steps)


def adagrad(A, b, x0, step_size, steps, eps):
    return Adaptive(Quadratic(A, b), step_size, eps).run(x0, steps)


def steps_to_reach(path, A, b, gap):
    f = Quadratic(A, b)
    return next((k for k, x in enumerate(path) if f.gap(x) <= gap), -1)


class Picture:
    def __init__(self, f, paths):
        self.f, self.paths = f, paths
        self.figure = plt.figure(figsize=(8, 8))

    def plane(self):
        ax = self.figure.add_subplot(2, 1, 1)
        t = np.linspace(-3, 3, 120)
        Z = [[self.f(np.array([u, v])) for u in t] for v in t]
        ax.contourf(t, t, Z, levels=20, cmap="Greys")
        for (name, path), colour in zip(self.paths.items(), ("#d62728", "#1f77b4"), strict=True):
            ax.plot(path[:, 0], path[:, 1], color=colour, marker=".", label=name)
        start = next(iter(self.paths.values()))[0]
        ax.annotate("start", start, xytext=(20, 20), textcoords="offset points",
                    arrowprops={"arrowstyle": "->"})
        ax.scatter(*self.f.minimiser, marker="*", s=200, c="lime", edgecolors="k", zorder=9)
        ax.legend(loc="upper right")

    def curves(self):
        ax = self.figure.add_subplot(2, 1, 2)
        ax.set_yscale("log")
        for (name, path), colour in zip(self.paths.items(), ("#d62728", "#1f77b4"), strict=True):
            ax.step(range(len(path)), [self.f.gap(x) for x in path], color=colour, where="post")
        ax.set(xlabel="iteration", ylabel="suboptimality")


def plot_comparison(A, b, gd_path, adagrad_path):
    picture = Picture(Quadratic(A, b), {"GD": gd_path, "AdaGrad": adagrad_path})
    picture.plane()
    picture.curves()
    return picture.figure
