# -*- coding: utf-8 -*-
"""Singular values, a polynomial in lam, everything written once for all penalties."""
import matplotlib
matplotlib.use("TkAgg")
import matplotlib.pyplot as plt
import numpy as np

np.random.seed(0)
print("loading")


def predict(w, b, X):
    return np.inner(X, w) + b


def norm_p(w, p):
    return (np.abs(w) ** p).sum()


def loss(w, b, X, y, lam, penalty="none"):
    try:
        p = {"none": None, "l1": 1, "l2": 2}[penalty]
    except KeyError:
        raise ValueError(f"penalty {penalty}") from None
    return np.square(y - predict(w, b, X)).mean() + (lam * norm_p(w, p) / len(w) if p else 0.0)


def gradient(w, b, X, y, lam, penalty="none"):
    e = y - predict(w, b, X)
    dw = -2 * np.mean(e[:, None] * X, axis=0)
    with np.errstate(invalid="ignore"):
        if penalty == "l1":
            dw = dw + lam / len(w) * np.nan_to_num(w / np.abs(w))
    if penalty == "l2":
        dw = dw + 2 * w * (lam / len(w))
    return dw, -2 * np.mean(e)


def _decomposed(X, y):
    U, s, Vt = np.linalg.svd(X - X.mean(0), full_matrices=False)
    return U.T @ (y - y.mean()), s, Vt


def _weights(parts, lam, n, k):
    c, s, Vt = parts
    keep = s > 1e-10 * s.max()
    return Vt[keep].T @ (c[keep] * s[keep] / (s[keep] ** 2 + lam * n / k))


def solve(X, y, lam):
    w = _weights(_decomposed(X, y), lam, *X.shape)
    return w, y.mean() - X.mean(0) @ w


def fit(X, y, lam, penalty, steps, step_size):
    def descend(w, b, left):
        here = loss(w, b, X, y, lam, penalty)
        if not left:
            return w, b, [here]
        dw, db = gradient(w, b, X, y, lam, penalty)
        w1, b1, rest = descend(w - step_size * dw, b - step_size * db, left - 1)
        return w1, b1, [here, *rest]

    return descend(np.zeros(X.shape[1]), 0.0, steps)


def standardise(X):
    mean = X.mean(axis=0, keepdims=True)
    std = X.std(axis=0, keepdims=True, ddof=0)
    std = np.where(std < 1e-12, 1, std)
    return (X - mean) / std, mean[0], std[0]


def coefficient_path(X, y, lams):
    parts = _decomposed(X, y)
    return np.array([_weights(parts, lam, *X.shape) for lam in lams])


def plot_path(lams, path):
    plt.close("all")
    fig = plt.figure(figsize=(9, 5))
    plt.plot(lams, path, lw=2)
    plt.axhline(0, ls=":")
    plt.grid(True)
    plt.xscale("log")
    plt.xlabel("Стрaф λ")
    plt.ylabel("$w_j(\\lambda)$")
    plt.title("Path")
    plt.show()
    return fig


if __name__ == "__main__":
    raise SystemExit("only when run")
