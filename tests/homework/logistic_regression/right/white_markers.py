"""Newton by least squares; curves whose markers are all white."""

import matplotlib.pyplot as plt
import numpy as np


LN2 = np.log(2.0)


def sigmoid(t):
    t = np.asarray(t, dtype=np.float64)
    out = np.empty(t.shape)
    pos = t > 0
    out[pos] = 1 / (1 + np.exp(-t[pos]))
    z = np.exp(t[~pos])
    out[~pos] = z / (1 + z)
    return out


log_odds = lambda p: (
    2 * np.arctanh(2 * np.asarray(p) - 1)
    if np.min(p) > 1e-3 and np.max(p) < 1 - 1e-3
    else np.log(p / (1 - p))
)


def softplus(t):
    return np.maximum(t, 0) + np.log1p(np.exp(-np.abs(t)))


def log_likelihood(beta0, beta, X, y):
    return float(-softplus((1 - 2 * y) * (X @ beta + beta0)).sum())


def gradient(beta0, beta, X, y):
    e = y - sigmoid(X.dot(beta) + beta0)
    return e.sum(), e @ X


def cross_entropy(beta0, beta, X, y):
    p = sigmoid(X @ beta + beta0)
    return np.mean(np.where(y == 1, -np.log(p), -np.log(1 - p)))


def log2_loss(t):
    return softplus(-np.asarray(t)) / LN2


def signed_loss(beta0, beta, X, s):
    return np.mean(np.log2(1 + np.exp(-s * (X @ beta + beta0))))


def hessian(beta0, beta, X):
    p = sigmoid(X @ beta + beta0)
    v = p * (1 - p) / len(p)
    return np.block([[v.sum(), v @ X], [(v @ X)[:, None], X.T @ np.diag(v) @ X]])


def _go(X, y, steps, step):
    b0, b, h = 0.0, np.zeros(X.shape[1]), []
    for k in range(steps + 1):
        h.append(cross_entropy(b0, b, X, y))
        if k < steps:
            d0, d = step(b0, b)
            b0, b = b0 + d0, b + d
    return b0, b, np.array(h)


def gradient_descent(X, y, steps, step_size):
    def st(b0, b):
        g0, g = gradient(b0, b, X, y)
        return step_size * g0 / len(y), step_size * g / len(y)

    return _go(X, y, steps, st)


def newton(X, y, steps):
    A = np.insert(X, 0, 1, axis=1)

    def st(b0, b):
        p = sigmoid(X @ b + b0)
        s = np.sqrt(p * (1 - p))
        d = np.linalg.lstsq(s[:, None] * A, (y - p) / s, rcond=None)[0]
        return d[0], d[1:]

    return _go(X, y, steps, st)


def predict(beta0, beta, X):
    return np.rint(sigmoid(X @ beta + beta0)).astype(float)


def plot_convergence(gd_history, newton_history):
    fig, ax = plt.subplots()
    ax.plot(gd_history, "o-", mfc="w", label="GD")
    ax.plot(newton_history, "o-", mfc="w", label="Newton")
    ax.legend()
    ax.set(xlabel="k", ylabel="l")
    return fig
