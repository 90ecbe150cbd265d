"""Numbers in the level lines; matrices, masked arrays, tuples."""

import matplotlib.pyplot as plt
import numpy as np


def quadratic(x, A, b):
    x = np.ma.array(x)
    return np.ma.dot(x, np.ma.dot(A, x)) * 0.5 - np.ma.dot(b, x)


def quadratic_gradient(x, A, b):
    out = np.zeros_like(b)
    for i, row in enumerate(A):
        out[i] = np.dot(row, x) - b[i]
    return tuple(out)


def gradient_descent(A, b, x0, step_size, steps):
    A = np.matrix(A); b = np.matrix(b).T; x = np.matrix(x0).T
    rows = [x.T]
    for _ in range(steps):
        x = x - step_size * (A * x - b)
        rows.append(x.T)
    return np.vstack(rows)


def adagrad(A, b, x0, step_size, steps, eps):
    A = np.matrix(A); b = np.matrix(b).T; x = np.matrix(x0).T
    v = np.matrix(np.zeros(x.shape))
    rows = np.matrix(np.zeros((steps + 1, len(x0))))
    rows[0] = x.T
    for k in range(steps):
        g = A * x - b
        v += np.multiply(g, g)
        x = x - step_size * np.divide(g, np.sqrt(v + eps))
        rows[k + 1] = x.T
    return rows


def steps_to_reach(path, A, b, gap):
    d = path - np.linalg.solve(A, b)
    good, = np.where(0.5 * np.sum((d @ A) * d, axis=1) <= gap)
    return np.array(good[0] if len(good) else -1)


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
    cs = ax1.contour(XX, YY, Z, levels=12)
    ax1.clabel(cs, inline=True, fontsize=7)
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
