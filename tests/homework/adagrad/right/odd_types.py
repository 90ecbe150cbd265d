import matplotlib
import matplotlib.pyplot as plt
import numpy as np


def quadratic(x, A, b):
    x, A, b = np.matrix(x).T, np.matrix(A), np.matrix(b).T
    return np.array((0.5 * x.T * A * x - b.T * x)[0, 0])


def quadratic_gradient(x, A, b):
    return tuple(np.array(A) @ np.array(x) - np.array(b))


def gradient_descent(A, b, x0, step_size, steps):
    path = [np.array(x0, dtype=np.longdouble)]
    for _ in range(steps):
        path += [path[-1] - step_size * np.array(quadratic_gradient(path[-1], A, b))]
    return tuple(path)


def adagrad(A, b, x0, step_size, steps, eps):
    x = np.ma.masked_array(x0.copy())
    v = 0
    path = np.ma.zeros((steps + 1, len(x0)))
    path[0] = x
    for k in range(steps):
        g = np.array(quadratic_gradient(x, A, b))
        v = v + g**2
        x = x - step_size * g / (v + eps) ** 0.5
        path[k + 1] = x
    return path


def steps_to_reach(path, A, b, gap):
    best = np.linalg.pinv(A) @ b
    for k, x in enumerate(path):
        if quadratic(x, A, b) - quadratic(best, A, b) <= gap:
            return np.uint8(k)
    return np.array(-1.0)


def plot_comparison(A, b, gd_path, adagrad_path):
    fig = matplotlib.figure.Figure(figsize=(10, 5))
    ax = fig.add_subplot(121)
    bx = fig.add_axes([0.6, 0.15, 0.35, 0.7])
    best = np.linalg.pinv(A) @ b
    rng = np.random.default_rng(0)
    cloud = rng.uniform(-2.6, 2.6, size=(4000, 2))
    ax.tricontour(cloud[:, 0], cloud[:, 1], 0.5 * np.sum(cloud @ A * cloud, 1) - cloud @ b, 15)
    ax.plot(gd_path[:, 0], gd_path[:, 1], color="purple")
    ax.plot(adagrad_path[:, 0], adagrad_path[:, 1], color="orange")
    ax.text(0.5, 0.9, "gradient descent", color="purple", transform=ax.transAxes)
    ax.text(0.5, 0.8, "AdaGrad", color="orange", transform=ax.transAxes)
    ax.add_patch(matplotlib.patches.Circle(tuple(gd_path[0]), 0.06, color="k", zorder=5))
    ax.add_patch(matplotlib.patches.Circle(tuple(best), 0.06, color="r", zorder=5))
    for path, colour in ((gd_path, "purple"), (adagrad_path, "orange")):
        bx.semilogy([float(quadratic(x, A, b) - quadratic(best, A, b)) for x in path], c=colour)
    return [fig]
