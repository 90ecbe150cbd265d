"""Right numbers in unusual clothes: lists, tuples, 0-d arrays, masked arrays, np.matrix."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection


def predict(w, b, X):
    return tuple(np.dot(X, w) + b)


class NoSuchPenalty(ValueError):
    pass


def loss(w, b, X, y, lam, penalty):
    w = np.asarray(w)
    sizes = {"none": 0 * w, "l1": abs(w), "l2": w * w}
    if penalty not in sizes:
        raise NoSuchPenalty(penalty)
    return np.asarray(np.average(np.square(np.subtract(predict(w, b, X), y)))) + lam * sizes[penalty].mean()


def gradient(w, b, X, y, lam, penalty):
    w = np.asarray(w)
    r = np.subtract(predict(w, b, X), y)
    slopes = {"none": 0 * w, "l1": np.sign(w), "l2": 2 * w}[penalty]
    return [(2 * np.einsum("ij,i->j", X, r) / r.size + lam * slopes / w.size).tolist(), np.array(2 * r.mean())]


def solve(X, y, lam):
    X, k = np.asmatrix(X), np.shape(X)[1]
    mean = X.mean(axis=0)
    Xc, yc = X - mean, np.asmatrix(y - y.mean()).T
    w = ((Xc.T * Xc) / len(y) + lam / k * np.eye(k)).I * (Xc.T * yc) / len(y)
    w = np.asarray(w).ravel()
    return [list(w), np.ma.masked_array(y.mean() - float(np.asarray(mean).ravel() @ w))]


def fit(X, y, lam, penalty, steps, step_size):
    path = [(np.zeros(X.shape[1]), np.zeros(()))]
    while len(path) <= steps:
        w, b = path[-1]
        dw, db = gradient(w, b, X, y, lam, penalty)
        path.append((w - step_size * np.array(dw), b - step_size * db))
    return (*path[-1], tuple(loss(w, b, X, y, lam, penalty) for w, b in path))


def standardise(X):
    mean, var = np.average(X, axis=0), np.var(X, axis=0)
    std = np.sqrt(var + (var == 0))
    return np.asmatrix((X - mean) / std), list(mean), tuple(std)


def coefficient_path(X, y, lams):
    return tuple(solve(X, y, lam)[0] for lam in lams)


def plot_path(lams, path):
    fig, ax = plt.subplots()
    ax.add_collection(LineCollection([np.column_stack([lams, column]) for column in path.T]))
    ax.set_xscale("symlog", linthresh=0.01)
    ax.set_xlim(0, 2 * lams.max())
    ax.set_ylim(path.min() - 1, path.max() + 1)
    ax.set_xlabel("λ")
    ax.set_ylabel("$w_j$")
    return [ax]
