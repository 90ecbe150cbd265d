"""b is the last entry of one vector; the penalty is a set of extra rows; lambdas."""
import matplotlib.pyplot as plt
import numpy as np

ones = lambda X: np.column_stack([X, np.ones(len(X))])
predict = lambda w, b, X: ones(X) @ np.r_[w, b]


def _penalty(w, lam, penalty):
    if penalty == "none":
        return 0.0
    order = ["l1", "l2"].index(penalty) + 1  # ValueError where it is neither
    return lam / w.size * np.sum(np.abs(w) ** order)


loss = lambda w, b, X, y, lam, penalty: np.mean((predict(w, b, X) - y) ** 2) + _penalty(w, lam, penalty)


def gradient(w, b, X, y, lam, penalty):
    A = ones(X)
    g = 2 * (A.T @ A @ np.r_[w, b] - A.T @ y) / len(X)
    g[:-1] += {"none": 0, "l1": np.sign(w), "l2": 2 * w}[penalty] * lam / w.size
    return g[:-1], g[-1]


def solve(X, y, lam):
    n, k = X.shape
    A = np.vstack([ones(X) / np.sqrt(n), np.sqrt(lam / k) * np.eye(k, k + 1)])
    c = np.concatenate([y / np.sqrt(n), np.zeros(k)])
    theta, *_ = np.linalg.lstsq(A, c, rcond=None)
    return theta[:-1], theta[-1]


def fit(X, y, lam, penalty, steps, step_size):
    theta = np.zeros(X.shape[1] + 1)
    history = []
    for step in range(steps + 1):
        w, b = theta[:-1], theta[-1]
        history += [loss(w, b, X, y, lam, penalty)]
        if step < steps:
            theta = theta - step_size * np.hstack(gradient(w, b, X, y, lam, penalty))
    return theta[:-1], theta[-1], history


def standardise(X):
    mean, std = np.mean(X, 0), np.std(X, 0)
    std = std + (std == 0)
    return np.divide(X - mean, std), mean, std


coefficient_path = lambda X, y, lams: [solve(X, y, lam)[0] for lam in lams]


def plot_path(lams, path):
    order = np.argsort(lams)[::-1]
    lines = plt.plot(lams[order], path[order])
    plt.gca().set_xscale("log")
    plt.gca().invert_xaxis()
    plt.xlabel("lambda")
    plt.ylabel("poids")
    return lines
