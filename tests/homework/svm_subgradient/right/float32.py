import numpy as np
import matplotlib
import matplotlib.pyplot as plt

f32 = np.float32


def cast(*args):
    return [np.asarray(a, dtype=f32) for a in args]


def hinge_loss(t):
    t, = cast(t)
    return np.maximum(f32(0), f32(1) - t)


def objective(w, b, X, y, C):
    w, b, X, y, C = cast(w, b, X, y, C)
    return f32(0.5) * (w * w).sum() + C * hinge_loss(y * (X @ w + b)).sum()


def subgradient(w, b, X, y, C):
    w, b, X, y, C = cast(w, b, X, y, C)
    a = (y * (X @ w + b) < 1).astype(f32)
    return w - C * X.T @ (a * y), -C * (a @ y)


def fit(X, y, C, steps, step_size, schedule):
    if schedule not in ["constant", "1/k", "1/sqrt(k)"]:
        raise ValueError(schedule)
    X, y = cast(X, y)
    w, b = np.zeros(X.shape[1], f32), f32(0)
    best, hist = (w, b), [objective(w, b, X, y, C)]
    for k in range(1, steps + 1):
        a = {"constant": f32(step_size), "1/k": f32(step_size / k), "1/sqrt(k)": f32(step_size / k**0.5)}[schedule]
        gw, gb = subgradient(w, b, X, y, C)
        w, b = w - a * gw, b - a * gb
        hist.append(objective(w, b, X, y, C))
        if hist[-1] <= min(hist):
            best = w, b
    return best[0], best[1], np.array(hist, f32)


def margin(w):
    w, = cast(w)
    return f32(2) / np.sqrt(np.sum(w**2))


def support_vectors(w, b, X, y, tol):
    w, b, X, y = cast(w, b, X, y)
    return np.arange(len(y), dtype=np.int32)[y * (X @ w + b) <= f32(1 + tol)]


def plot_decision_boundary(w, b, X, y):
    plt.style.use("dark_background")
    plt.figure()
    plt.scatter(X[y > 0, 0], X[y > 0, 1], color="cyan", label="positive")
    plt.scatter(X[y < 0, 0], X[y < 0, 1], color="magenta", label="negative")
    xs = np.linspace(X[:, 0].min() - 1, X[:, 0].max() + 1, 200)
    for c in [0, 1, -1]:
        plt.plot(xs, -(w[0] * xs + b - c) / w[1], "w" if c == 0 else "w:", label="w.x + b = %d" % c)
    s = support_vectors(w, b, X, y, 1e-3)
    plt.plot(X[s, 0], X[s, 1], "yo", markersize=13, fillstyle="none", label="support vectors")
    plt.ylim(X[:, 1].min() - 1, X[:, 1].max() + 1)
    plt.xlabel(r"$x_1$"); plt.ylabel(r"$x_2$")
    plt.legend(loc="upper right", fontsize=6)
    plt.show()
