# Equal by algebra, computed another way.
import matplotlib.pyplot as plt
import numpy as np


def heavy_ball(A, b, x0, step_size, beta, steps):
    # one linear map of (x_k, x_{k-1}, 1)
    d = len(b)
    M = np.zeros((2 * d + 1, 2 * d + 1))
    M[:d, :d] = (1 + beta) * np.eye(d) - step_size * A
    M[:d, d : 2 * d] = -beta * np.eye(d)
    M[:d, -1] = step_size * b
    M[d : 2 * d, :d] = np.eye(d)
    M[-1, -1] = 1
    z = np.r_[x0, x0, 1.0]
    out = [x0]
    for _ in range(steps):
        z = M @ z
        out.append(z[:d])
    return np.array(out)


def weighted(history, beta):
    k = len(history)
    w = (1 - beta) * beta ** np.arange(k)[::-1]
    return w @ np.array(history)


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    X, G2 = [x0], []
    for _ in range(steps):
        g = A @ X[-1] - b
        G2.append(g**2)
        X.append(X[-1] - step_size * g / np.hypot(np.sqrt(weighted(G2, beta)), np.sqrt(eps)))
    return np.array(X)


def adam(A, b, x0, step_size, beta1, beta2, eps, steps):
    X, G = [x0], []
    for t in range(1, steps + 1):
        G.append(A @ X[-1] - b)
        c1, c2 = 1 - beta1**t, 1 - beta2**t
        v = weighted(np.square(G), beta2)
        X.append(X[-1] - step_size * np.sqrt(c2) / c1 * weighted(G, beta1) / np.sqrt(v + eps * c2))
    return np.array(X)


def adam_uncorrected(A, b, x0, step_size, beta1, beta2, eps, steps):
    X, G = [x0], []
    for t in range(steps):
        G.append(A @ X[-1] - b)
        X.append(X[-1] - step_size * weighted(G, beta1) / np.sqrt(weighted(np.square(G), beta2) + eps))
    return np.array(X)


def full_adagrad(A, b, x0, step_size, steps, eps):
    # G + eps I = B'B with the gradients and sqrt(eps) I as rows; B = U S V' gives V S^-1 V'
    X, rows = [x0], list(np.sqrt(eps) * np.eye(len(b)))
    for _ in range(steps):
        g = A @ X[-1] - b
        rows.append(g)
        _, s, V = np.linalg.svd(np.array(rows), full_matrices=False)
        X.append(X[-1] - step_size * (V.T / s @ V) @ g)
    return np.array(X)


def projected_descent(A, b, x0, step_size, steps, radius):
    X = [x0]
    for _ in range(steps):
        y = (np.eye(len(b)) - step_size * A) @ X[-1] + step_size * b
        X.append(y * np.minimum(1, radius / np.sqrt(y @ y)))
    return np.array(X)


def rosenbrock(x):
    a, c = x
    return 100 * a**4 - 200 * a**2 * c + 100 * c**2 + a**2 - 2 * a + 1


def rosenbrock_gradient(x):
    # complex step
    h = 1e-30
    z = np.asarray(x, complex)
    return np.array([rosenbrock(z + 1j * h * e).imag / h for e in np.eye(2)])


def rosenbrock_hessian(x):
    h = 1e-30

    def g(z):
        u = z[1] - z[0] ** 2
        return np.array([2 * z[0] - 2 - 400 * z[0] * u, 200 * u])

    return np.column_stack([g(np.asarray(x, complex) + 1j * h * e).imag / h for e in np.eye(2)])


def newton(x0, steps):
    # the step in closed form: with u = x1 - x0^2, D = 2 - 400 u
    X = [x0]
    for _ in range(steps):
        a, c = X[-1]
        u = c - a * a
        p = (2 * (1 - a)) / (2 - 400 * u)
        X.append(np.array([a + p, a * a + 2 * a * p]))
    return np.array(X)


def decayed_step(w, g, step_size, lam):
    return w - step_size * lam * w - step_size * g


def plot_race(A, b, paths):
    L = np.linalg.cholesky(A)
    best = np.linalg.solve(L.T, np.linalg.solve(L, b))
    fig = plt.figure()
    ax = fig.add_subplot(1, 2, 1)
    curves = fig.add_subplot(1, 2, 2)
    # level lines as ellipses
    t = np.linspace(0, 2 * np.pi, 200)
    circle = np.linalg.solve(L.T, np.array([np.cos(t), np.sin(t)]))
    for level in (0.5, 1, 2, 3, 4, 6, 8):
        ax.plot(best[0] + level * circle[0], best[1] + level * circle[1], color="0.8", lw=0.7)
    for name, path in paths.items():
        (line,) = ax.plot(*np.transpose(path), ".-")
        ax.text(*path[1], name, color=line.get_color())
        gap = 0.5 * (((path - best) @ L) ** 2).sum(axis=1)
        curves.plot(np.arange(len(gap)), gap, color=line.get_color(), label=name)
    ax.plot(*path[0], "kD", ms=8)
    ax.plot(*best, "k+", ms=16, mew=2)
    curves.set_yscale("log")
    curves.legend()
    return fig
