# Tuples, lists, 0-d arrays, generators.
import matplotlib.pyplot as plt
import numpy as np


def _run(A, b, x0, steps, update):
    state = {}
    rows = [tuple(x0.tolist())]
    for k in range(1, steps + 1):
        x = np.array(rows[-1])
        rows.append(tuple((x + update(k, state, x, A @ x - b)).tolist()))
    return tuple(rows)


def heavy_ball(A, b, x0, step_size, beta, steps):
    def update(k, s, x, g):
        move = beta * (x - s.get("x", x)) - step_size * g
        s["x"] = x
        return move

    return _run(A, b, x0, steps, update)


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    def update(k, s, x, g):
        s["v"] = beta * s.get("v", 0) + (1 - beta) * g**2
        return -step_size * g / np.sqrt(s["v"] + eps)

    return list(_run(A, b, x0, steps, update))


def adam(A, b, x0, step_size, beta1, beta2, eps, steps, correct=1):
    def update(k, s, x, g):
        s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
        s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g**2
        m = s["m"] / (1 - correct * beta1**k)
        v = s["v"] / (1 - correct * beta2**k)
        return -step_size * m / np.sqrt(v + eps)

    return np.array(_run(A, b, x0, steps, update)).tolist()


def adam_uncorrected(*args):
    return adam(*args, correct=0)


def full_adagrad(A, b, x0, step_size, steps, eps):
    def update(k, s, x, g):
        s["G"] = s.get("G", 0) + np.outer(g, g)
        values, vectors = np.linalg.eigh(s["G"] + eps * np.eye(g.size))
        return -step_size * vectors @ np.diag(values**-0.5) @ np.linalg.inv(vectors) @ g

    return [list(row) for row in _run(A, b, x0, steps, update)]


def projected_descent(A, b, x0, step_size, steps, radius):
    def update(k, s, x, g):
        y = x - step_size * g
        if np.linalg.norm(y) > radius:
            y = radius * y / np.linalg.norm(y)
        return y - x

    return _run(A, b, x0, steps, update)


def rosenbrock(x):
    return np.asarray((1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2)


def rosenbrock_gradient(x):
    return (-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] ** 2), 200 * (x[1] - x[0] ** 2))


def rosenbrock_hessian(x):
    return [(1200 * x[0] ** 2 - 400 * x[1] + 2, -400 * x[0]), (-400 * x[0], np.float64(200))]


def newton(x0, steps):
    return [x0.tolist()] + (
        newton(x0 - np.linalg.lstsq(rosenbrock_hessian(x0), rosenbrock_gradient(x0), rcond=None)[0], steps - 1)
        if steps
        else []
    )


def decayed_step(w, g, step_size, lam):
    return tuple((1 - step_size * lam) * w - step_size * g)


def plot_race(A, b, paths):
    plt.figure(figsize=(5, 8))
    plt.subplot(211)
    best = np.linalg.solve(A, b)
    x, y = np.linspace(-2.4, 1.4, 90), np.linspace(-1.6, 1.2, 90)
    Z = [[0.5 * np.array([u, v]) @ A @ [u, v] - b @ [u, v] for u in x] for v in y]
    plt.contour(x, y, Z, 18)
    plt.colorbar()
    for name, path in paths.items():
        plt.plot(path[:, 0], path[:, 1], label="Path of " + name)
    plt.plot(*next(iter(paths.values()))[0], "g^", ms=10, label="Anfang")
    plt.plot(*best, "bv", ms=10, label="Minimum")
    plt.legend()
    plt.subplot(212)
    for path in paths.values():
        d = path - best
        plt.plot(0.5 * np.sum(d.dot(A) * d, 1), "o-")
    plt.yscale("log")
