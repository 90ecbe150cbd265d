"""The gradient comes from central differences; solve from conjugate gradients."""
import matplotlib.pyplot as plt
import numpy as np


def predict(w, b, X):
    return np.array([np.vdot(x, w) + b for x in X])


def loss(w, b, X, y, lam, penalty):
    w = np.asarray(w)
    if penalty == "l1":
        extra = np.linalg.norm(w, 1)
    elif penalty == "l2":
        extra = np.linalg.norm(w) ** 2
    elif penalty == "none":
        extra = 0
    else:
        raise ValueError("penalty")
    return np.linalg.norm(predict(w, b, X) - y) ** 2 / len(y) + extra * lam / len(w)


def gradient(w, b, X, y, lam, penalty, h=1e-5):
    """The kink of |w_j| is left out of the differences: its slope is known."""
    smooth = "none" if penalty == "l1" else penalty
    theta = np.append(w, b)
    g = np.zeros(len(theta))
    for j in range(len(theta)):
        e = np.zeros(len(theta))
        e[j] = h * max(1.0, abs(theta[j]))
        up, down = theta + e, theta - e
        g[j] = loss(up[:-1], up[-1], X, y, lam, smooth) - loss(down[:-1], down[-1], X, y, lam, smooth)
        g[j] /= 2 * e[j]
    if penalty == "l1":
        g[:-1] += lam / len(w) * np.sign(w)
    return g[:-1], g[-1]


def solve(X, y, lam):
    n, k = X.shape
    A = np.hstack([X, np.ones((n, 1))])
    G = A.T @ A / n + np.diag([lam / k] * k + [0.0])
    c = A.T @ y / n
    theta = np.zeros(k + 1)
    r = c - G @ theta
    p = r.copy()
    for _ in range(40 * (k + 1)):
        if np.sqrt(r @ r) < 1e-14 * np.sqrt(c @ c):
            break
        a = (r @ r) / (p @ G @ p)
        theta = theta + a * p
        new = r - a * (G @ p)
        p = new + (new @ new) / (r @ r) * p
        r = new
    return theta[:k], theta[k]


def fit(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1]), 0.0
    history = np.zeros(steps + 1)
    history[0] = loss(w, b, X, y, lam, penalty)
    for t in range(1, steps + 1):
        dw, db = gradient(w, b, X, y, lam, penalty)
        w, b = w - step_size * dw, b - step_size * db
        history[t] = loss(w, b, X, y, lam, penalty)
    return w, b, history


def standardise(X):
    mean = X.sum(axis=0) / X.shape[0]
    var = (X * X).sum(axis=0) / X.shape[0] - mean * mean
    std = np.ones(X.shape[1])
    for j, v in enumerate(var):
        if v > 1e-12:
            std[j] = v ** 0.5
    Z = X - mean
    Z = Z / std
    Z[:, var <= 1e-12] = 0
    return Z, mean, std


def coefficient_path(X, y, lams):
    path = np.full((len(lams), X.shape[1]), np.nan)
    for i in np.argsort(lams):
        path[i] = solve(X, y, lams[i])[0]
    return path


def plot_path(lams, path):
    fig, axs = plt.subplots(path.shape[1], 1, sharex=True, squeeze=False)
    for j in range(path.shape[1]):
        axs[j, 0].plot(lams, path[:, j], "kx")
        axs[j, 0].set_xscale("log")
    fig.supxlabel("lambda")
    fig.supylabel("coefficient")
    return fig
