import numpy as np


def margins(w, b, X, y):
    return (X @ w + b) * y


def s(t):
    out = np.empty(np.shape(t))
    up = t > 0
    out[up] = np.exp(-t[up]) / (1 + np.exp(-t[up]))
    out[~up] = 1 / (1 + np.exp(t[~up]))
    return out


def piece(t, *parts):
    return np.piecewise(t, [t <= 0, (t > 0) & (t <= 1)], parts)


SIX = {
    "zero_one": (lambda t: np.where(t > 0, 0, 1), None),
    "hinge": (lambda t: np.fmax(0, 1 - t), lambda t: np.where(t > 1, 0.0, -1.0)),
    "logistic": (lambda t: np.logaddexp(0, -t) / np.log(2), lambda t: -s(t) / np.log(2)),
    "modified_huber": (
        lambda t: piece(t, lambda t: 1 - 2 * t, lambda t: (t - 1) ** 2, 0),
        lambda t: piece(t, -2, lambda t: 2 * (t - 1), 0),
    ),
    "exponential": (lambda t: np.exp(-t), lambda t: -np.exp(-t)),
    "sigmoid": (s, lambda t: -s(t) * (1 - s(t))),
}
