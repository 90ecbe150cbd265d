"""An activation is a pair of functions; directions are an object."""

from functools import cached_property

import matplotlib.pyplot as plt
import numpy as np


class Activation:
    known = {}

    def __init__(self, name, function, slope):
        self.function, self.slope = function, slope
        Activation.known[name] = self

    @classmethod
    def named(cls, name):
        try:
            return cls.known[name]
        except KeyError as error:
            raise ValueError(f"{name}?") from error


Activation("leaky_relu", lambda a: np.maximum(a, a / 10), lambda a: 0.1 + 0.9 * (a > 0))
Activation("elu", lambda a: np.maximum(a, 0) + np.expm1(np.minimum(a, 0)), lambda a: np.exp(a.clip(max=0)))
Activation("tanh", np.tanh, lambda a: 1 / np.cosh(a) ** 2)
Activation("relu", lambda a: (a + np.abs(a)) / 2, lambda a: (np.sign(a) + 1) / 2)


class Directions:
    def __init__(self, X):
        self.X = X

    @cached_property
    def mean(self):
        return np.mean(self.X, axis=0)

    @cached_property
    def svd(self):
        return np.linalg.svd(self.X - self.mean, full_matrices=False)

    def values(self, k):
        return self.svd[1][:k] ** 2 / self.X.shape[0]

    def vectors(self, k):
        return self.svd[2][:k].T

    def scores(self, k):
        return (self.X - self.mean) @ self.vectors(k)


def activation(name, a):
    return Activation.named(name).function(a)


def activation_gradient(name, a):
    return Activation.named(name).slope(a)


def maxout(x, W1, b1, W2, b2):
    W, b = np.stack([W1, W2]), np.stack([b1, b2])
    return (np.einsum("pdh,d->ph", W, x) + b).max(axis=0)


def maxout_backward(dy, x, W1, b1, W2, b2):
    W, b = np.stack([W1, W2]), np.stack([b1, b2])
    winner = (np.einsum("pdh,d->ph", W, x) + b).argmax(axis=0)
    db = np.zeros_like(b)
    db[winner, np.arange(len(dy))] = dy
    dW = np.einsum("d,ph->pdh", x, db)
    return np.einsum("pdh,ph->d", W, db), dW[0], db[0], dW[1], db[1]


def init_weights(name, fan_in, fan_out, seed):
    rng = np.random.Generator(np.random.PCG64(seed))
    n = fan_in * fan_out
    values = {
        "zeros": lambda: np.zeros(n),
        "small": lambda: rng.normal(scale=0.01, size=n),
        "scaled": lambda: rng.normal(scale=fan_in**-0.5, size=n),
        "glorot": lambda: (rng.random(n) - 0.5) * 2 * (6 / (fan_in + fan_out)) ** 0.5,
    }[name]()
    return values.reshape(fan_out, fan_in)


def layer_spread(X, weights, name):
    def go(H, rest):
        if not rest:
            return []
        H = activation(name, H @ rest[0].T)
        return [np.std(H)] + go(H, rest[1:])

    return go(X, list(weights))


def centre(X):
    d = Directions(X)
    return X - d.mean, d.mean


def principal_directions(X, k):
    d = Directions(X)
    return d.values(k), d.vectors(k)


def reconstruct(X, k):
    d = Directions(X)
    return d.scores(k) @ d.vectors(k).T + d.mean


def whiten(X, k, eps):
    d = Directions(X)
    return d.scores(k) * (d.values(k) + eps) ** -0.5


def plot_spread(spreads):
    fig, axes = plt.subplots(len(spreads), 1, sharex=True)
    for ax, (name, values) in zip(np.atleast_1d(axes), spreads.items()):
        ax.step(np.arange(len(values)), values, where="mid")
        ax.set_title(f"{name} weights")
        ax.set_ylabel("spread")
        ax.set_xlabel("layer")
    return fig
