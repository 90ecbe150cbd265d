"""One class does the work; an abstract method elsewhere raises NotImplementedError."""

from __future__ import annotations

from dataclasses import dataclass, field

import matplotlib
import numpy as np
from matplotlib.figure import Figure


class Model:
    def scores(self, X: np.ndarray) -> np.ndarray:
        raise NotImplementedError


@dataclass
class SoftmaxRegression(Model):
    W: np.ndarray
    b: np.ndarray
    history: list[float] = field(default_factory=list)

    def scores(self, X: np.ndarray) -> np.ndarray:
        return X @ self.W + self.b

    def log_probabilities(self, X: np.ndarray) -> np.ndarray:
        Z = self.scores(X)
        return Z - np.logaddexp.reduce(Z, axis=1, keepdims=True)

    def log_likelihood(self, X: np.ndarray, y: np.ndarray) -> float:
        return float(self.log_probabilities(X)[range(len(y)), y].sum())

    def gradient(self, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        P = np.exp(self.log_probabilities(X))
        Y = (np.arange(len(self.b)) == y[:, None]).astype(float)
        return X.T.dot(Y - P), (Y - P).sum(axis=0)

    def step(self, X: np.ndarray, y: np.ndarray, size: float) -> None:
        dW, db = self.gradient(X, y)
        self.W = self.W + size * dW / len(X)
        self.b = self.b + size * db / len(X)

    def remember(self, X: np.ndarray, y: np.ndarray) -> None:
        self.history.append(-self.log_likelihood(X, y) / len(X))


def softmax(Z: np.ndarray) -> np.ndarray:
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))


def log_likelihood(W, b, X, y):
    return SoftmaxRegression(W, b).log_likelihood(X, y)


def gradient(W, b, X, y):
    return SoftmaxRegression(W, b).gradient(X, y)


def cross_entropy(P, Q):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.nansum(np.where(P == 0, 0.0, P * np.log(Q)), axis=1)


def objective(W, b, X, y):
    return np.mean(-SoftmaxRegression(W, b).log_probabilities(X)[range(len(y)), y])


def fit(X, y, k, steps, step_size):
    model = SoftmaxRegression(np.zeros((X.shape[1], k)), np.zeros(k))
    model.remember(X, y)
    while len(model.history) <= steps:
        model.step(X, y, step_size)
        model.remember(X, y)
    return model.W, model.b, model.history


def predict(W, b, X):
    return np.array([int(np.argmax(z)) for z in SoftmaxRegression(W, b).scores(X)])


def plot_history(history):
    figure = Figure()
    axes = figure.add_subplot(1, 1, 1)
    axes.step(range(len(history)), history, where="mid")
    axes.set_xlabel("iteration")
    axes.set_ylabel("objective")
    return figure, axes
