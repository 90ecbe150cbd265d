"""Every loss is a maximum over rivals; at ties a random one of them wins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure


@dataclass
class Hinges:
    D: np.ndarray

    def total(self, w):
        return np.maximum(0, 1 - self.D @ w).sum()

    def pull(self, w):
        m = self.D @ w
        weights = np.where(m == 1, np.random.uniform(size=m.shape), m < 1)
        return -weights @ self.D


class Multiclass:
    def __init__(self, S, y):
        self.n, self.k = S.shape
        self.y = np.asarray(y)
        rows = np.arange(self.n)
        self.right = np.zeros((self.n, self.k), bool)
        self.right[rows, self.y] = True
        self.gains = np.where(self.right, 0.0, 1 + S - S[self.right][:, None])

    def strongest(self):
        ties = self.gains >= self.gains.max(axis=1)[:, None]
        chosen = [np.random.choice(np.flatnonzero(row)) for row in ties]
        return np.eye(self.k)[chosen]


def multiclass_hinge(S, y):
    return np.amax(Multiclass(S, y).gains, axis=1)


def summed_hinge(S, y):
    gains = Multiclass(S, y).gains
    return np.sum(gains * (gains > 0), axis=1)


def objective(W, X, y, C):
    return np.linalg.norm(W, "fro") ** 2 / 2 + C * sum(multiclass_hinge(X.dot(W), y))


def subgradient(W, X, y, C):
    m = Multiclass(X.dot(W), y)
    return W + C * np.dot(X.T, m.strongest() - m.right)


def fit(X, y, W0, C, steps, step_size):
    W, history, lowest = 1.0 * W0, np.empty(steps + 1), (np.inf, None)
    for t in range(steps + 1):
        history[t] = objective(W, X, y, C)
        lowest = min(lowest, (history[t], W.copy()), key=lambda pair: pair[0])
        W -= step_size * (t + 1) ** -0.5 * subgradient(W, X, y, C)
    return lowest[1], history


def preference_pairs(q, r):
    i, j = np.indices((len(q), len(q))).reshape(2, -1)
    keep = (q[i] == q[j]) * (r[i] > r[j])
    return np.c_[i[keep], j[keep]][::-1]


def hinges(Phi, q, r):
    p = preference_pairs(q, r)
    return Hinges(Phi[p].transpose(1, 0, 2)[0] - Phi[p[:, 1]])


def ranking_objective(w, Phi, q, r, C):
    return np.array([0.5 * w.dot(w) + C * hinges(Phi, q, r).total(w)]).reshape(())


def ranking_subgradient(w, Phi, q, r, C):
    return w + C * hinges(Phi, q, r).pull(w)


def swapped_pairs(scores, q, r):
    p = preference_pairs(q, r)
    return np.count_nonzero(np.diff(scores[p], axis=1) >= 0)


def joint_feature(x, y):
    return np.einsum("a,b->ab", x, y).flatten()


def loss_augmented(w, x, y):
    best = np.zeros(len(y), int)
    W = w.reshape(len(x), -1)
    for b, t in enumerate(y):
        v = W[:, b] @ x
        best[b] = -t if 1 - t * v > t * v else t
    return best


def structured_objective(w, X, Y, lam):
    losses = []
    for x, y in zip(X, Y):
        z = loss_augmented(w, x, y)
        losses.append(np.sum(y != z) + w @ joint_feature(x, z) - w @ joint_feature(x, y))
    return lam / 2 * np.sum(w**2) + np.mean(losses)


def structured_subgradient(w, X, Y, lam):
    steps = [joint_feature(x, loss_augmented(w, x, y) - y) for x, y in zip(X, Y)]
    return lam * w + np.mean(steps, axis=0)


def plot_regions(W, X, y):
    figure = Figure(figsize=(7, 5))
    axes = figure.add_subplot()
    for c, colour in enumerate(["crimson", "navy", "gold"]):
        axes.plot(*X[y == c, :2].T, "x", color=colour, label=f"Klasse {c}")
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim(), xlabel="Merkmal 1", ylabel="Merkmal 2")
    x = np.linspace(*axes.get_xlim(), 4000)
    for a, b in ((0, 1), (0, 2), (1, 2)):
        n = W[:, a] - W[:, b]
        line = np.stack([x, -(n[0] * x + n[2]) / n[1], np.ones_like(x)], axis=1)
        third = line @ W[:, 3 - a - b] > line @ W[:, a]
        line[third] = np.nan
        axes.plot(line[:, 0], line[:, 1], "k-")
    axes.legend()
    return figure


_hinge, _pairs, _aug, _fit = multiclass_hinge, preference_pairs, loss_augmented, fit


def multiclass_hinge(S, y):
    return _hinge(np.array(S, np.longdouble), y).astype(np.longdouble)


def preference_pairs(q, r):
    return _pairs(q, r).astype(float)


def hinges(Phi, q, r):
    p = _pairs(q, r)
    return Hinges(Phi[p[:, 0]] - Phi[p[:, 1]])


def swapped_pairs(scores, q, r):
    p = _pairs(q, r)
    return np.array(np.sum(scores[p[:, 0]] <= scores[p[:, 1]]), np.uint8)


def fit(X, y, W0, C, steps, step_size):
    return list(_fit(X, y, W0, C, steps, step_size))


def loss_augmented(w, x, y):
    return _aug(w, x, y).astype(np.int8)
