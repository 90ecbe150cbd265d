# fails: quadratic_example, gradient_example, quadratic, gradient
# says: Your quadratic lacks the factor 1/2 before x'Ax.
# says: Your quadratic_gradient doubles Ax: the factor 1/2 cancels the 2.
import matplotlib.pyplot as plt
import numpy as np


def quadratic(x, A, b):
    return x @ A @ x - b @ x


def quadratic_gradient(x, A, b):
    return 2 * A @ x - b


def gradient_descent(A, b, x0, step_size, steps):
    xs = [x0]
    for _ in range(steps):
        xs.append(xs[-1] - step_size * quadratic_gradient(xs[-1], A, b))
    return np.vstack(xs)


def adagrad(A, b, x0, step_size, steps, eps):
    xs, v = [x0], 0
    for _ in range(steps):
        g = quadratic_gradient(xs[-1], A, b)
        v = v + g**2
        xs.append(xs[-1] - step_size * g / np.sqrt(v + eps))
    return np.vstack(xs)


def _suboptimality(path, A, b):
    f = 0.5 * np.einsum("ki,ij,kj->k", path, A, path) - path @ b
    return f + 0.5 * b @ np.linalg.solve(A, b)


def steps_to_reach(path, A, b, gap):
    ok = _suboptimality(path, A, b) <= gap
    return int(ok.argmax()) if ok.any() else -1


def plot_comparison(A, b, gd_path, adagrad_path):
    fig, (ax1, ax2) = plt.subplots(ncols=2, figsize=(12, 5))
    x_star = np.linalg.solve(A, b)
    both = np.concatenate([gd_path, adagrad_path, x_star[None]])
    lo, hi = both.min(0) - 0.5, both.max(0) + 0.5
    xx, yy = np.meshgrid(np.linspace(lo[0], hi[0], 200), np.linspace(lo[1], hi[1], 200))
    zz = _suboptimality(np.c_[xx.ravel(), yy.ravel()], A, b).reshape(xx.shape)
    ax1.contour(xx, yy, zz, levels=np.logspace(-2, 2, 15), cmap="viridis")
    ax1.plot(*gd_path.T, "o-", ms=3, c="tab:red", label="Gradient descent")
    ax1.plot(*adagrad_path.T, "s-", ms=3, c="tab:blue", label="AdaGrad")
    ax1.plot(*gd_path[0], marker="D", c="k", ls="", label="start")
    ax1.plot(*x_star, marker="*", ms=15, c="gold", mec="k", ls="", label="minimum")
    ax1.set_xlabel("$x_1$")
    ax1.set_ylabel("$x_2$")
    ax1.legend()
    ax2.semilogy(_suboptimality(gd_path, A, b), c="tab:red", label="Gradient descent")
    ax2.semilogy(_suboptimality(adagrad_path, A, b), c="tab:blue", label="AdaGrad")
    ax2.legend()
    ax2.set_xlabel("k")
    fig.tight_layout()
    return fig
