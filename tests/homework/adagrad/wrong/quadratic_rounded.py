# fails: quadratic, steps_to_reach_exactly
import matplotlib.pyplot as plt
import numpy as np

F = np.float32


def _f(*arrays):
    return [np.asarray(a, dtype=F) for a in arrays]


def quadratic(x, A, b):
    return round(float(0.5 * x @ A @ x - b @ x), 2)


def quadratic_gradient(x, A, b):
    x, A, b = _f(x, A, b)
    return A @ x - b


def gradient_descent(A, b, x0, step_size, steps):
    A, b, x = _f(A, b, x0)
    path = np.zeros((steps + 1, len(x)), dtype=F)
    path[0] = x
    for k in range(steps):
        path[k + 1] = path[k] - F(step_size) * quadratic_gradient(path[k], A, b)
    return path


def adagrad(A, b, x0, step_size, steps, eps):
    A, b, x = _f(A, b, x0)
    path = np.zeros((steps + 1, len(x)), dtype=F)
    path[0] = x
    v = np.zeros(len(x), dtype=F)
    for k in range(steps):
        g = quadratic_gradient(path[k], A, b)
        v = v + g * g
        path[k + 1] = path[k] - F(step_size) * g / np.sqrt(v + F(eps))
    return path


def _gaps(path, A, b):
    best = np.linalg.solve(*_f(A, b))
    return np.array([quadratic(x, A, b) - quadratic(best, A, b) for x in path], dtype=F)


def steps_to_reach(path, A, b, gap):
    near = np.where(_gaps(path, A, b) <= F(gap))[0]
    return near[0] if len(near) else -1


def plot_comparison(A, b, gd_path, adagrad_path):
    gd, ada = _f(gd_path, adagrad_path)
    fig, ax = plt.subplots(2, 1, figsize=(7, 9))
    g = np.linspace(-2.5, 2.5, 90, dtype=F)
    Z = np.array([[quadratic(np.array([s, t]), A, b) for s in g] for t in g])
    ax[0].contour(g, g, Z, 30, colors="lightgrey")
    ax[0].plot(gd[:, 0], gd[:, 1], "k--", label="gd")
    ax[0].plot(ada[:, 0], ada[:, 1], "m-", label="adagrad")
    ax[0].plot(gd[0, 0], gd[0, 1], "bo", ms=10, label="x0")
    best = np.linalg.solve(*_f(A, b))
    ax[0].plot(best[0], best[1], "rP", ms=10, label="x*")
    ax[0].legend()
    ax[1].plot(_gaps(gd, A, b), "k--")
    ax[1].plot(_gaps(ada, A, b), "m-")
    ax[1].set_yscale("log")
    return fig
