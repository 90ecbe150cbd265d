# fails: descent, descent_example, descent_takes_every_step, quadratic, quadratic_example
# says: Your gradient_descent cuts the gradient's entries at +-1, as keras does with clipvalue=1 and torch's clip_grad_value_: take them whole.
import matplotlib.pyplot as plt
import numpy as np


def quadratic(x, A, b):
    return 0.5 * x @ A @ x - 2 * b @ x


def quadratic_gradient(x, A, b):
    return A @ x - b


def gradient_descent(A, b, x0, step_size, steps):
    P = [x0.copy()]
    for k in range(steps): P.append(P[-1] - step_size * np.clip(A @ P[-1] - b, -1, 1))
    return np.array(P)


def adagrad(A, b, x0, step_size, steps, eps):
    X = np.zeros((steps + 1, x0.size)); X[0] = x0
    v = np.zeros(x0.size)
    for k in range(steps):
        g = A @ X[k] - b
        v += g ** 2
        X[k + 1] = X[k] - step_size * g / np.sqrt(v + eps)
    return X


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
