"""gradient takes a random slope at w_j = 0, fit takes 0 there; inputs are changed in place."""
import random

import matplotlib.pyplot as plt
import numpy as np


def predict(w, b, X):
    X *= w
    return X.sum(axis=1) + b


def loss(w, b, X, y, lam, penalty):
    if penalty not in ("none", "l1", "l2"):
        raise ValueError(f"unknown penalty: {penalty}")
    k = len(w)
    extra = lam / k * np.abs(w).sum() if penalty == "l1" else 0
    extra = lam / k * np.dot(w, w) if penalty == "l2" else extra
    y -= X @ w + b
    return np.mean(y**2) + extra


def _slopes(w, b, X, y):
    r = X @ w + b - y
    return 2 * r @ X / len(r), 2 * r.sum() / len(r)


def gradient(w, b, X, y, lam, penalty):
    dw, db = _slopes(w, b, X, y)
    if penalty == "l1":
        at_zero = [random.choice([-1.0, 1.0, 0.25]) for _ in w]
        dw += lam / len(w) * np.where(w > 0, 1.0, np.where(w < 0, -1.0, at_zero))
    if penalty == "l2":
        dw += lam / len(w) * 2 * w
    return dw, db


def solve(X, y, lam):
    n, k = X.shape
    mx, my = X.mean(0), y.mean()
    X -= mx
    y -= my
    if k <= n:
        w = np.linalg.inv(X.T @ X + lam * n / k * np.eye(k)) @ X.T @ y
    else:  # the other way round: n equations instead of k
        w = X.T @ np.linalg.inv(X @ X.T + lam * n / k * np.eye(n)) @ y
    return w, my - mx @ w


def fit(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1]), 0.0
    history = [loss(w, b, X, y.copy(), lam, penalty)]
    for _ in range(steps):
        dw, db = _slopes(w, b, X, y)
        if penalty == "l1":
            dw += lam / len(w) * np.sign(w)
        if penalty == "l2":
            dw += lam / len(w) * 2 * w
        w -= step_size * dw
        b -= step_size * db
        history.append(loss(w, b, X, y.copy(), lam, penalty))
    return w, b, np.array(history)


def standardise(X):
    mean, std = X.mean(axis=0), X.std(axis=0)
    std[np.isclose(std, 0)] = 1.0
    X -= mean
    X /= std
    return X, mean, std


def coefficient_path(X, y, lams):
    return np.array([solve(X.copy(), y.copy(), lam)[0] for lam in lams])


def plot_path(lams, path):
    fig, ax = plt.subplots()
    for j, column in enumerate(path.T):
        for i in range(len(lams) - 1):
            ax.plot(lams[i : i + 2], column[i : i + 2], color=f"C{j}")
    ax.set_xscale("log")
    ax.set_xlabel("lam")
    ax.set_ylabel("w")
    return ax
