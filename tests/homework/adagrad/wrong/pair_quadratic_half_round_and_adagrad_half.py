# fails: adagrad, adagrad_example, adagrad_takes_every_step, adagrad_with_a_large_eps, eps_stands_inside_the_root, first_step_has_the_step_size, quadratic
import matplotlib.pyplot as plt
import numpy as np


def quadratic(x, A, b):
    return 0.5 * x @ np.round(A) @ x - b @ x


def quadratic_gradient(x, A, b):
    return A @ x - b


def gradient_descent(A, b, x0, step_size, steps):
    X = np.zeros((steps + 1, x0.size))
    X[0] = x0
    for k in range(steps):
        X[k + 1] = X[k] - step_size * (A @ X[k] - b)
    return X


def adagrad(A, b, x0, step_size, steps, eps):
    P = [x0.copy()]; v = 0
    for k in range(steps):
        g = A @ P[-1] - b; v = v + 0.5 * g ** 2
        P.append(P[-1] - step_size * g / np.sqrt(v + eps))
    return np.array(P)


def steps_to_reach(path, A, b, gap):
    f = 0.5 * np.einsum("ki,ij,kj->k", path, A, path) - path @ b
    fmin = -0.5 * b @ np.linalg.inv(A) @ b
    ok = f - fmin <= gap
    return int(ok.argmax()) if ok.any() else -1


def plot_comparison(A, b, gd_path, adagrad_path):

    xs = np.linalg.solve(A, b)
    pts = np.vstack([gd_path, adagrad_path, xs[None]])
    lo, hi = pts.min(0), pts.max(0)
    pad = 0.1 * (hi - lo) + 1e-9
    gx = np.linspace(lo[0] - pad[0], hi[0] + pad[0], 120)
    gy = np.linspace(lo[1] - pad[1], hi[1] + pad[1], 110)
    XX, YY = np.meshgrid(gx, gy)
    P = np.stack([XX, YY], axis=-1)
    Z = 0.5 * np.einsum("...i,ij,...j->...", P, A, P) - P @ b

    fmin = 0.5 * xs @ A @ xs - b @ xs
    cg = [0.5 * p @ A @ p - b @ p - fmin for p in gd_path]
    ca = [0.5 * p @ A @ p - b @ p - fmin for p in adagrad_path]
    fig, (ax1, ax2) = plt.subplots(1, 2, figsize=(11, 5))
    ax1.contour(XX, YY, Z, 20)
    ax1.plot(gd_path[:, 0], gd_path[:, 1], 'o-', ms=3, color='C0', label='GD')
    ax1.plot(*adagrad_path.T, 's-', ms=3, color='C1', label='AdaGrad')
    ax1.plot(*gd_path[0], 'k^', ms=9, label='start')
    ax1.plot(*xs, 'r*', ms=12, label='minimiser')
    ax1.legend()
    ax2.plot(cg, color='C0', label='GD')
    ax2.plot(ca, color='C1', label='AdaGrad')
    ax2.set_yscale('log')
    ax2.legend()
    return fig
