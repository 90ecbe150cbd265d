"""Plain vectorised numpy."""
import matplotlib.pyplot as plt
import numpy as np


def predict(w, b, X):
    return X @ w + b


def loss(w, b, X, y, lam, penalty):
    mse = np.mean((predict(w, b, X) - y) ** 2)
    k = len(w)
    if penalty == "none":
        return mse
    elif penalty == "l1":
        return mse + lam / k * np.abs(w).sum()
    elif penalty == "l2":
        return mse + lam / k * (w ** 2).sum()
    raise ValueError("unknown penalty " + penalty)


def gradient(w, b, X, y, lam, penalty):
    n, k = X.shape
    r = predict(w, b, X) - y
    dw = 2 / n * X.T @ r
    db = 2 / n * r.sum()
    if penalty == "l1":
        dw = dw + lam / k * np.sign(w)
    elif penalty == "l2":
        dw = dw + 2 * lam / k * w
    return dw, db


def solve(X, y, lam):
    n, k = X.shape
    A = np.hstack([X, np.ones((n, 1))])
    D = np.eye(k + 1) * lam / k
    D[k, k] = 0
    theta = np.linalg.solve(A.T @ A / n + D, A.T @ y / n)
    return theta[:k], theta[k]


def fit(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1]), 0.0
    history = [loss(w, b, X, y, lam, penalty)]
    for _ in range(steps):
        dw, db = gradient(w, b, X, y, lam, penalty)
        w = w - step_size * dw
        b = b - step_size * db
        history.append(loss(w, b, X, y, lam, penalty))
    return w, b, np.array(history)


def standardise(X):
    mean = X.mean(axis=0)
    std = X.std(axis=0)
    std[std == 0] = 1
    return (X - mean) / std, mean, std


def coefficient_path(X, y, lams):
    return np.stack([solve(X, y, lam)[0] for lam in lams])


def plot_path(lams, path):
    fig, ax = plt.subplots()
    for j in range(path.shape[1]):
        ax.plot(lams, path[:, j], label=f"w{j}")
    ax.set_xscale("log")
    ax.set_xlabel("lambda")
    ax.set_ylabel("coefficient")
    ax.legend()
    return fig
