"""One class does the work; an abstract method elsewhere raises NotImplementedError."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from matplotlib.figure import Figure


class Penalty:
    def value(self, w: np.ndarray) -> float:
        raise NotImplementedError

    def slope(self, w: np.ndarray) -> np.ndarray:
        raise NotImplementedError


class Nothing(Penalty):
    def value(self, w):
        return 0.0

    def slope(self, w):
        return np.zeros_like(w)


class Absolute(Penalty):
    def value(self, w):
        return float(np.abs(w).mean())

    def slope(self, w):
        return np.sign(w) / w.size


class Squares(Penalty):
    def value(self, w):
        return float(w @ w) / w.size

    def slope(self, w):
        return 2 * w / w.size


PENALTIES = {"none": Nothing(), "l1": Absolute(), "l2": Squares()}


@dataclass
class Model:
    w: np.ndarray
    b: float
    history: list[float] = field(default_factory=list)

    def __call__(self, X):
        return X.dot(self.w) + self.b

    def loss(self, X, y, lam, penalty):
        if penalty not in PENALTIES:
            raise ValueError(f"{penalty} is not one of {', '.join(PENALTIES)}")
        r = self(X) - y
        return float(r @ r) / len(y) + lam * PENALTIES[penalty].value(self.w)

    def gradient(self, X, y, lam, penalty):
        r = self(X) - y
        return 2 * r @ X / len(y) + lam * PENALTIES[penalty].slope(self.w), float(2 * r.mean())


def predict(w, b, X):
    return Model(w, b)(X)


def loss(w, b, X, y, lam, penalty):
    return Model(w, b).loss(X, y, lam, penalty)


def gradient(w, b, X, y, lam, penalty):
    return Model(w, b).gradient(X, y, lam, penalty)


def solve(X, y, lam):
    # One Newton step reaches the minimum of a quadratic function, from anywhere.
    n, k = X.shape
    model = Model(np.ones(k), 1.0)
    dw, db = model.gradient(X, y, lam, "l2")
    A = np.column_stack([X, np.ones(n)])
    H = 2 * A.T @ A / n
    H[:k, :k] += 2 * lam / k * np.eye(k)
    step = np.linalg.solve(H, np.append(dw, db))
    return model.w - step[:k], model.b - step[k]


def fit(X, y, lam, penalty, steps, step_size):
    model = Model(np.zeros(X.shape[1]), 0.0)
    model.history.append(model.loss(X, y, lam, penalty))
    for _ in range(steps):
        dw, db = model.gradient(X, y, lam, penalty)
        model.w = model.w - step_size * dw
        model.b -= step_size * db
        model.history.append(model.loss(X, y, lam, penalty))
    return model.w, model.b, model.history


def standardise(X):
    mean = X.mean(axis=0)
    centred = X - mean
    std = np.sqrt((centred**2).mean(axis=0))
    std = np.where(np.ptp(X, axis=0) == 0, 1.0, std)
    return centred / std, mean, std


def coefficient_path(X, y, lams):
    return np.vstack([np.atleast_2d(solve(X, y, lam)[0]) for lam in lams])


def plot_path(lams, path):
    figure = Figure()
    axes = figure.add_subplot(1, 1, 1)
    axes.plot(lams, path, drawstyle="steps-mid", marker=".")
    axes.set_xscale("log", base=2)
    axes.set_xlabel("penalty")
    axes.set_ylabel("weights")
    return figure
