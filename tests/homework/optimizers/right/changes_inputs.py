# Everything in place: the arguments are used up.
import matplotlib.pyplot as plt
import numpy as np


def heavy_ball(A, b, x0, step_size, beta, steps):
    A *= step_size
    b *= step_size
    path = np.empty((steps + 1, x0.size))
    move = 0 * x0
    for k in range(steps):
        path[k] = x0
        move *= beta
        move -= A @ x0 - b
        x0 += move
    path[steps] = x0
    return path


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    path, v = [x0.copy()], np.zeros_like(x0)
    for _ in range(steps):
        g = A @ x0
        g -= b
        v *= beta
        v += (1 - beta) * g * g
        g /= np.sqrt(v + eps)
        x0 -= step_size * g
        path.append(x0.copy())
    return np.array(path)


def adam(A, b, x0, step_size, beta1, beta2, eps, steps):
    path, m, v = [x0.copy()], np.zeros_like(x0), np.zeros_like(x0)
    for t in range(1, steps + 1):
        g = A @ x0 - b
        m *= beta1
        m += (1 - beta1) * g
        v *= beta2
        g **= 2
        v += (1 - beta2) * g
        x0 -= step_size * m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + eps)
        path.append(x0.copy())
    return np.array(path)


def adam_uncorrected(A, b, x0, step_size, beta1, beta2, eps, steps):
    path, m, v = [x0.copy()], np.zeros_like(x0), np.zeros_like(x0)
    for t in range(1, steps + 1):
        g = A @ x0 - b
        m *= beta1
        m += (1 - beta1) * g
        v *= beta2
        v += (1 - beta2) * g**2
        x0 -= step_size * m / np.sqrt(v + eps)
        path.append(x0.copy())
    return np.array(path)


def full_adagrad(A, b, x0, step_size, steps, eps):
    path, G = [x0.copy()], np.zeros_like(A)
    np.fill_diagonal(G, eps)
    for _ in range(steps):
        g = A @ x0 - b
        G += np.outer(g, g)
        s, Q = np.linalg.eigh(G)
        g = Q.T @ g
        g /= np.sqrt(s)
        x0 -= step_size * (Q @ g)
        path.append(x0.copy())
    return np.array(path)


def projected_descent(A, b, x0, step_size, steps, radius):
    path = [x0.copy()]
    for _ in range(steps):
        x0 -= step_size * (A @ x0 - b)
        length = np.linalg.norm(x0)
        if length > radius:
            x0 *= radius
            x0 /= length
        path.append(x0.copy())
    return np.array(path)


def rosenbrock(x):
    x[1] -= x[0] ** 2
    x[0] -= 1
    x **= 2
    x[1] *= 100
    return x.sum()


def rosenbrock_gradient(x):
    u = 200 * (x[1] - x[0] ** 2)
    x[1] = u
    x[0] = 2 * (x[0] - 1) - 2 * x[0] * u
    return x


def rosenbrock_hessian(x):
    H = np.full((2, 2), -400 * x[0])
    H[0, 0] = 2 - 400 * x[1] + 1200 * x[0] ** 2
    H[1, 1] = 200
    return H


def newton(x0, steps):
    path = [x0.copy()]
    for _ in range(steps):
        x0 -= np.linalg.solve(rosenbrock_hessian(x0), rosenbrock_gradient(x0.copy()))
        path.append(x0.copy())
    return np.array(path)


def decayed_step(w, g, step_size, lam):
    w *= 1 - step_size * lam
    g *= step_size
    w -= g
    return w


def plot_race(A, b, paths):
    fig, (ax, curves) = plt.subplots(1, 2)
    best = np.linalg.solve(A, b)
    X, Y = np.meshgrid(np.linspace(-2.3, 1.2), np.linspace(-1.5, 1))
    P = np.dstack([X, Y]) - best
    ax.contour(X, Y, np.einsum("abi,ij,abj->ab", P, A, P), 20, colors="silver")
    while paths:
        name, path = paths.popitem()
        ax.plot(*path.T, label=name)
        path -= best
        curves.plot((path @ A * path).sum(1) / 2, label=name)
    path += best
    ax.plot(*path[0], "s", label="Début")
    ax.plot(*best, "*", ms=14, label="Optimum")
    curves.semilogy()
    ax.legend()
    curves.legend()
    return fig
