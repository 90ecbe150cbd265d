# A script that prints, warns, sets a backend and runs everything when it is loaded.
import warnings

import matplotlib

matplotlib.use("TkAgg")
import matplotlib.pyplot as plt
import numpy as np

warnings.warn("loading")


def g_of(A, b, x):
    print("gradient at", x)
    return A.dot(x) - b


def heavy_ball(A, b, x0, step_size, beta, steps):
    xs = [x0, x0]
    while len(xs) < steps + 2:
        xs += [xs[-1] - step_size * g_of(A, b, xs[-1]) + beta * (xs[-1] - xs[-2])]
    return np.array(xs)[1:]


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    x, v, xs = x0, 0, [x0]
    for i in range(steps):
        g = g_of(A, b, x)
        v = beta * v + (1 - beta) * g * g
        x = x - step_size / (v + eps) ** 0.5 * g
        xs.append(x)
    return np.stack(xs)


def adam(A, b, x0, step_size, beta1, beta2, eps, steps):
    x, m, v, xs = x0, 0, 0, [x0]
    for i in range(steps):
        g = g_of(A, b, x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        x = x - step_size * (m / (1 - beta1 ** (i + 1))) / np.sqrt(v / (1 - beta2 ** (i + 1)) + eps)
        xs.append(x)
    return np.stack(xs)


def adam_uncorrected(A, b, x0, step_size, beta1, beta2, eps, steps):
    x, m, v, xs = x0, 0, 0, [x0]
    for i in range(steps):
        g = g_of(A, b, x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        x = x - step_size * m / np.sqrt(v + eps)
        xs.append(x)
    return np.stack(xs)


def inverse_root(M):
    w, V = np.linalg.eigh(M)
    R = V @ np.diag(1 / np.sqrt(w)) @ V.T
    if not np.allclose(R @ R @ M, np.eye(len(M))):
        print("inexact")
    return R


def full_adagrad(A, b, x0, step_size, steps, eps):
    x, xs, gs = x0, [x0], []
    for i in range(steps):
        gs.append(g_of(A, b, x))
        G = np.array(gs).T @ np.array(gs)
        x = x - step_size * inverse_root(G + eps * np.eye(len(x))) @ gs[-1]
        xs.append(x)
    return np.stack(xs)


def projected_descent(A, b, x0, step_size, steps, radius):
    x, xs = x0, [x0]
    for i in range(steps):
        x = x - step_size * g_of(A, b, x)
        r = np.linalg.norm(x)
        x = x if r <= radius else x * radius / r
        xs.append(x)
    return np.stack(xs)


def rosenbrock(x):
    return pow(1 - x[0], 2) + 100 * pow(x[1] - pow(x[0], 2), 2)


def rosenbrock_gradient(x):
    # central differences are exact enough
    h = 1e-6
    out = np.zeros(2)
    for i in range(2):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        out[i] = (rosenbrock(up) - rosenbrock(down)) / (2 * h)
    return out


def rosenbrock_hessian(x):
    return np.matrix([[2 - 400 * (x[1] - 3 * x[0] ** 2), -400 * x[0]], [-400 * x[0], 200]])


def newton(x0, steps):
    xs = [x0]
    for i in range(steps):
        x = xs[-1]
        u = x[1] - x[0] ** 2
        g = np.array([-2 * (1 - x[0]) - 400 * x[0] * u, 200 * u])
        xs.append(x - np.linalg.solve(np.asarray(rosenbrock_hessian(x)), g))
        print(i, xs[-1], rosenbrock(xs[-1]))
    return np.array(xs)


def decayed_step(w, g, step_size, lam):
    return np.array([(1 - step_size * lam) * wi - step_size * gi for wi, gi in zip(w, g)])


def plot_race(A, b, paths):
    best = np.linalg.pinv(A) @ b
    f = lambda x: 0.5 * x @ A @ x - b @ x
    fig, axes = plt.subplots(1, len(paths) + 1, figsize=(14, 4))
    for ax, (name, path) in zip(axes, paths.items()):
        xs, ys = np.linspace(-2.5, 1.3, 60), np.linspace(-1.7, 1.1, 60)
        ax.contour(xs, ys, [[f(np.array([x, y])) for x in xs] for y in ys], 14)
        ax.plot(path[:, 0], path[:, 1], "k.-")
        ax.plot(*path[0], "gs", ms=10)
        ax.plot(*best, "r*", ms=14)
        ax.set_title(name)
        axes[-1].plot([f(x) - f(best) for x in path], label=name)
    axes[-1].set_yscale("log")
    axes[-1].legend()
    plt.show()


print(adam(np.eye(2), np.ones(2), np.zeros(2), 0.1, 0.9, 0.999, 1e-8, 3))
