# gradient descent without a loop
import matplotlib.pyplot as plt
import numpy as np


def centre(A, b):
    L = np.linalg.cholesky(A)
    return np.linalg.solve(L.T, np.linalg.solve(L, b))


def quadratic(x, A, b):
    c = centre(A, b)
    return 0.5 * (x - c) @ A @ (x - c) - 0.5 * b @ c


def quadratic_gradient(x, A, b):
    return A @ (x - centre(A, b))


def gradient_descent(A, b, x0, step_size, steps):
    c, M = centre(A, b), np.eye(len(b)) - step_size * A
    return np.stack([c + np.linalg.matrix_power(M, k) @ (x0 - c) for k in range(steps + 1)])


def adagrad(A, b, x0, step_size, steps, eps):
    if steps == 0:
        return x0[np.newaxis]
    before = adagrad(A, b, x0, step_size, steps - 1, eps)
    gradients = (before - centre(A, b)) @ A
    last = before[-1] - step_size * gradients[-1] / np.sqrt((gradients**2).sum(0) + eps)
    return np.concatenate([before, [last]])


def steps_to_reach(path, A, b, gap):
    D = path - centre(A, b)
    hits = np.nonzero((D @ A * D).sum(axis=1) <= 2 * gap)[0]
    return hits.min() if hits.size > 0 else -1


def plot_comparison(A, b, gd_path, adagrad_path):
    c = centre(A, b)
    fig, axs = plt.subplots(2, 2, figsize=(10, 10))
    t = np.linspace(0, 2 * np.pi, 200)
    circle = np.linalg.solve(np.linalg.cholesky(A).T, np.stack([np.cos(t), np.sin(t)]))
    for ax, path, name in ((axs[0, 0], gd_path, "GD"), (axs[0, 1], adagrad_path, "AdaGrad")):
        for level in (0.1, 0.5, 1, 2, 4, 8, 16):
            ax.plot(*(c[:, None] + np.sqrt(2 * level) * circle), color="0.8", lw=1)
        ax.plot(*path.T, "b.-")
        ax.plot(*path[0], "r^", ms=10)
        ax.plot(*c, "r*", ms=10)
        ax.set_title(name)
    for path, style in ((gd_path, "k-"), (adagrad_path, "k:")):
        D = path - c
        axs[1, 0].semilogy(0.5 * (D @ A * D).sum(axis=1), style)
    axs[1, 0].legend(["GD", "AdaGrad"])
    axs[1, 1].axis("off")
    return fig
