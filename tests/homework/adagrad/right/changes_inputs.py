# Everything in place: the arguments are used up.
import matplotlib.pyplot as plt
import numpy as np


def quadratic(x, A, b):
    A *= 0.5
    value = x @ A @ x - b @ x
    return value


def quadratic_gradient(x, A, b):
    x[:] = A @ x
    x -= b
    return x


def gradient_descent(A, b, x0, step_size, steps):
    path = [x0.copy()]
    A *= step_size
    b *= step_size
    for _ in range(steps):
        x0 -= A @ x0 - b
        path.append(x0.copy())
    return np.array(path)


def adagrad(A, b, x0, step_size, steps, eps):
    path = [x0.copy()]
    v = eps * np.ones_like(x0)
    for _ in range(steps):
        g = A @ x0 - b
        v += g**2
        g *= step_size
        g /= np.sqrt(v)
        x0 -= g
        path.append(x0.copy())
    return np.array(path)


def steps_to_reach(path, A, b, gap):
    path -= np.linalg.solve(A, b)
    path[:] = [[0.5 * x @ A @ x] * len(x) for x in path]
    for k in range(len(path)):
        if path[k, 0] <= gap:
            return k
    return -1


def plot_comparison(A, b, gd_path, adagrad_path):
    fig, axs = plt.subplots(1, 2)
    centre = np.linalg.solve(A, b)
    t = np.linspace(-3, 3, 100)
    X, Y = np.meshgrid(t, t)
    D = np.stack([X - centre[0], Y - centre[1]])
    axs[0].contour(X, Y, 0.5 * np.einsum("iab,ij,jab->ab", D, A, D), 20)
    axs[0].plot(gd_path[:, 0].copy(), gd_path[:, 1].copy(), "r", label="GD")
    axs[0].plot(adagrad_path[:, 0].copy(), adagrad_path[:, 1].copy(), "b", label="AdaGrad")
    axs[0].plot(*gd_path[0].copy(), "ko", label="start")
    axs[0].plot(*centre, "k*", label="minimum")
    axs[0].legend()
    for path in (gd_path, adagrad_path):
        path -= centre
        axs[1].semilogy([0.5 * x @ A @ x for x in path])
    return fig
