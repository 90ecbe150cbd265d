"""One class does the work; the functions that are asked for are objects and lambdas."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import numpy as np
from matplotlib.figure import Figure


class Schedule(ABC):
    @abstractmethod
    def __call__(self, k: int) -> float:
        raise NotImplementedError


@dataclass
class Power(Schedule):
    size: float
    exponent: float

    def __call__(self, k):
        return self.size * k ** (-self.exponent)


@dataclass
class LinearSVM:
    C: float
    w: np.ndarray | None = None
    b: float = 0.0
    history: list[float] = field(default_factory=list)

    def margins(self, X, y):
        return y * (X.dot(self.w) + self.b)

    def loss(self, X, y):
        return 0.5 * np.linalg.norm(self.w) ** 2 + self.C * np.maximum(1 - self.margins(X, y), 0).sum()

    def slope(self, X, y):
        inside = self.margins(X, y) < 1
        return self.w - self.C * (X[inside] * y[inside, None]).sum(0), -self.C * y[inside].sum()

    def train(self, X, y, steps, schedule):
        self.w, self.b = np.zeros(X.shape[1]), 0.0
        best = (np.inf, None, None)
        for k in range(steps + 1):
            value = self.loss(X, y)
            self.history.append(value)
            if value < best[0]:
                best = value, self.w.copy(), self.b
            if k == steps:
                break
            gw, gb = self.slope(X, y)
            a = schedule(k + 1)
            self.w -= a * gw
            self.b -= a * gb
        _, self.w, self.b = best
        return self


class HingeLoss:
    def __call__(self, t):
        return np.where(t < 1, 1 - t, 0)


hinge_loss = HingeLoss()
objective = lambda w, b, X, y, C: LinearSVM(C, w, b).loss(X, y)
subgradient = lambda w, b, X, y, C: LinearSVM(C, w, b).slope(X, y)
margin = lambda w: 2 * np.dot(w, w) ** -0.5


def fit(X, y, C, steps, step_size, schedule):
    exponents = {"constant": 0, "1/k": 1, "1/sqrt(k)": 0.5}
    try:
        rule = Power(step_size, exponents[schedule])
    except KeyError as exc:
        raise ValueError(f"no such schedule: {schedule}") from exc
    model = LinearSVM(C).train(X, y, steps, rule)
    return model.w, model.b, np.asarray(model.history)


def support_vectors(w, b, X, y, tol):
    return np.where(LinearSVM(1, w, b).margins(X, y) <= 1 + tol)[0]


def plot_decision_boundary(w, b, X, y):
    figure = Figure(figsize=(7, 5))
    axes = figure.add_subplot()
    axes.scatter(X[:, 0], X[:, 1], c=y, cmap="coolwarm", label="data")
    on = support_vectors(w, b, X, y, 0)
    axes.scatter(X[on, 0], X[on, 1], s=160, marker="o", facecolors="none", edgecolors="g", label="SV")
    for c, style in ((0, "-"), (1, "--"), (-1, "--")):
        axes.axline((0, (c - b) / w[1]), slope=-w[0] / w[1], color="k", linestyle=style, label=f"{c}")
    axes.set(xlabel="x1", ylabel="x2", ylim=(X[:, 1].min() - 0.5, X[:, 1].max() + 0.5))
    figure.legend()
    return figure
