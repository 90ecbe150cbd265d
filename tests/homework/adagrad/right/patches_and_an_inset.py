"""Ellipses as level lines, paths as patches, the curves in an inset."""

import matplotlib.pyplot as plt
import numpy as np


def quadratic(x, A, b):
    x = x.astype(np.longdouble)
    return 0.5 * x @ A.astype(np.longdouble) @ x - b.astype(np.longdouble) @ x


def quadratic_gradient(x, A, b):
    return np.array([np.float64(v) for v in (A @ x - b)], dtype=object)


def gradient_descent(A, b, x0, step_size, steps):
    import sys
    sys.setrecursionlimit(100000)
    if steps == 0:
        return [x0]
    head = gradient_descent(A, b, x0, step_size, steps - 1)
    x = head[-1]
    return head + [x - step_size * (A @ x - b)]


def adagrad(A, b, x0, step_size, steps, eps):
    x = x0.astype(float); root = np.full(x.shape, np.sqrt(eps)); path = [x]
    for _ in range(steps):
        g = np.dot(A, x) - b
        root = np.hypot(root, g)
        x = x - step_size * g / root
        path.append(x)
    return tuple(path)


def steps_to_reach(path, A, b, gap):
    # own Gauss elimination
    n = len(b)
    M = [list(map(float, A[i])) + [float(b[i])] for i in range(n)]
    for i in range(n):
        for j in range(i + 1, n):
            t = M[j][i] / M[i][i]
            M[j] = [p - t * q for p, q in zip(M[j], M[i])]
    s = [0.0] * n
    for i in reversed(range(n)):
        s[i] = (M[i][n] - sum(M[i][j] * s[j] for j in range(i + 1, n))) / M[i][i]
    for k in range(len(path)):
        d = [path[k][i] - s[i] for i in range(n)]
        if 0.5 * sum(d[i] * A[i][j] * d[j] for i in range(n) for j in range(n)) <= gap:
            return k
    return -1


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
    fig, ax1 = plt.subplots(figsize=(9, 9))
    ax2 = ax1.inset_axes([0.62, 0.62, 0.36, 0.36])
    from matplotlib.patches import Ellipse, PathPatch
    from matplotlib.path import Path as Line
    lam, Q = np.linalg.eigh(A)
    for c in np.geomspace(1e-2, 1, 8) * max(cg[0], ca[0]):
        w, h = 2 * np.sqrt(2 * c / lam)
        ax1.add_patch(Ellipse(xs, w, h, angle=np.degrees(np.arctan2(Q[1, 0], Q[0, 0])), fill=False, ec='0.6'))
    for P_, c, n in ((gd_path, 'C0', 'GD'), (adagrad_path, 'C1', 'AdaGrad')):
        ax1.add_patch(PathPatch(Line(P_), fill=False, ec=c, lw=1.5, label=n))
    ax1.plot(*gd_path[0], 'k^', ms=9, label='start')
    ax1.plot(*xs, 'r*', ms=12, label='minimiser')
    ax1.legend(loc='lower left')
    ax2.plot(cg, color='C0', label='GD')
    ax2.plot(ca, color='C1', label='AdaGrad')
    ax2.set_yscale('log')
    ax2.legend(fontsize=6)
    return fig
