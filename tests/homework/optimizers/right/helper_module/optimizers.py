# Auf Deutsch, mit Hilfsmodul.

import matplotlib.pyplot as plt
import numpy as np
from helper import f, run


def heavy_ball(A, b, x0, step_size, beta, steps):
    v = [np.zeros(len(x0), f)]

    def rule(k, x, g):
        v[0] = f(beta) * v[0] - f(step_size) * g
        return x + v[0]

    return run(A, b, x0, steps, rule)


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    v = np.zeros(len(x0), f)

    def rule(k, x, g):
        v[:] = f(beta) * v + f(1 - beta) * g**2
        return x - f(step_size) * g / np.sqrt(v + f(eps))

    return run(A, b, x0, steps, rule)


def adam(A, b, x0, step_size, beta1, beta2, eps, steps):
    m, v = np.zeros((2, len(x0)), f)

    def rule(k, x, g):
        m[:] = f(beta1) * m + f(1 - beta1) * g
        v[:] = f(beta2) * v + f(1 - beta2) * g * g
        m_hat = m / f(1 - beta1 ** (k + 1))
        v_hat = v / f(1 - beta2 ** (k + 1))
        return x - f(step_size) * m_hat / np.sqrt(v_hat + f(eps))

    return run(A, b, x0, steps, rule)


def adam_uncorrected(A, b, x0, step_size, beta1, beta2, eps, steps):
    m, v = np.zeros((2, len(x0)), f)

    def rule(k, x, g):
        m[:] = f(beta1) * m + f(1 - beta1) * g
        v[:] = f(beta2) * v + f(1 - beta2) * g * g
        return x - f(step_size) * m / np.sqrt(v + f(eps))

    return run(A, b, x0, steps, rule)


def full_adagrad(A, b, x0, step_size, steps, eps):
    G = np.zeros((len(x0), len(x0)), f)

    def rule(k, x, g):
        G[:] += np.outer(g, g)
        s, Q = np.linalg.eigh(G + f(eps) * np.eye(len(g), dtype=f))
        return x - f(step_size) * (Q * s ** f(-0.5)) @ (Q.T @ g)

    return run(A, b, x0, steps, rule)


def projected_descent(A, b, x0, step_size, steps, radius):
    def rule(k, x, g):
        x = x - f(step_size) * g
        n = np.linalg.norm(x)
        return x if n <= radius else x * f(radius / n)

    return run(A, b, x0, steps, rule)


def rosenbrock(x):
    x = f(x)
    return (f(1) - x[0]) ** 2 + f(100) * (x[1] - x[0] ** 2) ** 2


def rosenbrock_gradient(x):
    x = f(x)
    u = x[1] - x[0] ** 2
    return np.array([f(2) * (x[0] - f(1)) - f(400) * x[0] * u, f(200) * u])


def rosenbrock_hessian(x):
    x = f(x)
    a = f(2) + f(1200) * x[0] ** 2 - f(400) * x[1]
    return np.array([[a, f(-400) * x[0]], [f(-400) * x[0], f(200)]], f)


def newton(x0, steps):
    out = [f(x0)]
    for _ in range(steps):
        out.append(out[-1] - np.linalg.solve(rosenbrock_hessian(out[-1]), rosenbrock_gradient(out[-1])))
    return np.array(out)


def decayed_step(w, g, step_size, lam):
    return f(1 - step_size * lam) * f(w) - f(step_size) * f(g)


def plot_race(A, b, paths):
    best = np.linalg.solve(A, b)
    fig, (ax, ax2) = plt.subplots(2, 1, figsize=(6, 10))
    everything = np.concatenate(list(paths.values()))
    x = np.linspace(everything[:, 0].min() - 0.5, everything[:, 0].max() + 0.5, 70)
    y = np.linspace(everything[:, 1].min() - 0.5, everything[:, 1].max() + 0.5, 60)
    XX, YY = np.meshgrid(x, y)
    F = 0.5 * (A[0, 0] * XX**2 + 2 * A[0, 1] * XX * YY + A[1, 1] * YY**2) - b[0] * XX - b[1] * YY
    ax.contourf(XX, YY, F, 25, cmap="Blues")
    styles = ["r-", "g--", "m:", "k-."]
    for style, (name, path) in zip(styles, paths.items()):
        ax.plot(path[:, 0], path[:, 1], style, label=name)
        D = path - best
        ax2.semilogy(0.5 * np.einsum("ki,ij,kj->k", D, A, D), style)
    ax.annotate("Anfang", everything[0], xytext=(15, 15), textcoords="offset points",
                arrowprops={"arrowstyle": "->"})
    ax.annotate("Minimum", best, xytext=(15, -25), textcoords="offset points",
                arrowprops={"arrowstyle": "->"})
    ax.set_xlabel("x1")
    ax.set_ylabel("x2")
    ax2.set_xlabel("k")
    ax2.set_ylabel("gap")
    fig.legend(loc="upper right")
    return fig, (ax, ax2)
