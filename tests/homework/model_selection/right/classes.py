"""Everything rests on two classes; the functions are thin."""

from dataclasses import dataclass, field
from itertools import product

import matplotlib.pyplot as plt
import numpy as np


@dataclass
class Polynomial:
    degree: int
    lam: float
    w: np.ndarray = field(default=None, repr=False)

    def basis(self, x):
        return np.polynomial.polynomial.polyvander(x, self.degree)

    def fit(self, x, y):
        Q, R = np.linalg.qr(np.vstack([self.basis(x), self.lam**0.5 * np.eye(self.degree + 1)]))
        self.w = np.linalg.solve(R, Q.T @ np.r_[y, np.zeros(self.degree + 1)])
        return self

    def score(self, x, y):
        return error(self.w, self.basis(x), y)


class Space(dict):
    def draw(self, rng):
        return {
            name: values[0] + (values[1] - values[0]) * rng.random()
            if isinstance(values, tuple)
            else values[int(rng.integers(0, len(values)))]
            for name, values in self.items()
        }


def split(n, valid, test, seed):
    parts = np.full(n, 0)
    a, b = round(valid * n), round(test * n)
    parts[:a], parts[a : a + b] = 1, 2
    np.random.default_rng(seed).shuffle(parts)
    return tuple(np.flatnonzero(parts == k) for k in range(3))


def features(x, degree):
    return Polynomial(degree, 0.0).basis(x)


def ridge(Phi, y, lam):
    U, s, Vt = np.linalg.svd(Phi, full_matrices=False)
    return Vt.T @ np.diag(s / (s * s + lam)) @ U.T @ y


def error(w, Phi, y):
    return np.square(y - Phi @ w).mean()


def grid(space):
    return [{k: v for k, v in zip(space.keys(), vs)} for vs in product(*space.values())]


def random_configurations(space, count, seed):
    rng = np.random.default_rng(seed)
    return [Space(space).draw(rng) for _ in range(count)]


def search(x, y, train, valid, configurations):
    models = [Polynomial(**c).fit(x[train], y[train]) for c in configurations]
    scores = {k: m.score(x[valid], y[valid]) for k, m in enumerate(models)}
    return min(scores, key=scores.get), np.fromiter(scores.values(), float)


def final_error(x, y, train, valid, test, configuration):
    both = np.hstack((train, valid))
    return Polynomial(**configuration).fit(x[both], y[both]).score(x[test], y[test])


def bias_variance(predictions, truth):
    mean = predictions.mean(axis=0, keepdims=True)
    total = ((predictions - truth) ** 2).mean()
    variance = ((predictions - mean) ** 2).mean()
    return total - variance, variance


def plot_validation(degrees, train_errors, valid_errors):
    fig, (left, right) = plt.subplots(1, 2)
    for ax, values, title in ((left, train_errors, "Train"), (right, valid_errors, "Valid")):
        ax.bar(degrees, values)
        ax.set(title=title, yscale="log", xlabel="d", ylabel="mse")
    return fig
