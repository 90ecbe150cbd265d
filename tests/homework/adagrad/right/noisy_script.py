import random
import warnings

import matplotlib

matplotlib.use("TkAgg")
import matplotlib.pyplot as plt
import numpy as np

np.random.seed(0)
random.seed(0)
np.set_printoptions(precision=2)
plt.style.use("ggplot")
warnings.warn("loading")
print("hello from the top of the file")


def quadratic(x, A, b):
    print("f at", x)
    return (0.5 * x @ A @ x - b @ x).item()


def quadratic_gradient(x, A, b):
    warnings.warn("here comes the gradient", DeprecationWarning)
    return A @ x - b


def gradient_descent(A, b, x0, step_size, steps):
    np.random.seed(123)
    X = np.tile(x0, (steps + 1, 1))
    for i in range(steps):
        X[i + 1] = X[i] - step_size * (A @ X[i] - b)
        print(i, X[i + 1])
    return X


def adagrad(A, b, x0, step_size, steps, eps=1e-8):
    np.seterr(all="raise")
    X = np.tile(x0, (steps + 1, 1))
    G2 = np.zeros_like(x0)
    for i in range(steps):
        g = A @ X[i] - b
        G2 += g * g
        X[i + 1] = X[i] - step_size / np.sqrt(G2 + eps) * g
    np.seterr(all="warn")
    return X


def steps_to_reach(path, A, b, gap):
    fmin = quadratic(np.linalg.solve(A, b), A, b)
    k = -1
    for i in reversed(range(len(path))):
        if quadratic(path[i], A, b) - fmin <= gap:
            k = i
    return k


def plot_comparison(A, b, gd_path, adagrad_path):
    plt.close("all")
    fig = plt.figure(1, figsize=(11, 5))
    plt.clf()
    xs = np.linalg.solve(A, b)
    plt.subplot(121)
    u = np.linspace(-2.2, 2.2, 50)
    U, V = np.meshgrid(u, u)
    W = 0.5 * (A[0, 0] * U * U + 2 * A[0, 1] * U * V + A[1, 1] * V * V) - b[0] * U - b[1] * V
    c = plt.contourf(U, V, W, levels=25)
    plt.colorbar(c)
    plt.plot(gd_path[:, 0], gd_path[:, 1], "w-o", ms=4, label="GD")
    plt.plot(adagrad_path[:, 0], adagrad_path[:, 1], "r-o", ms=4, label="AdaGrad")
    plt.plot(gd_path[0, 0], gd_path[0, 1], "ys", ms=12, label="start", zorder=10)
    plt.plot(xs[0], xs[1], "kX", ms=12, label="minimum", zorder=10)
    plt.legend()
    plt.subplot(122)
    for p, l in ((gd_path, "GD"), (adagrad_path, "AdaGrad")):
        plt.semilogy([0.5 * (q - xs) @ A @ (q - xs) for q in p], label=l)
    plt.legend()
    plt.show()
    plt.close("all")
    return fig


if __name__ == "__main__":
    input("Press enter to start")
