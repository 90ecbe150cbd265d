# fails: plot_shows_both_paths, plot_names_the_paths, plot_shows_contours, plot_marks_start_and_minimiser, plot_shows_both_curves, plot_has_a_logarithmic_axis
# says: Your figure has no contours.
# says: Your figure does not mark the start.
import matplotlib.pyplot as plt
import numpy as np


def quadratic(x, A, b):
    return 0.5 * x.T @ A @ x - b.T @ x


def quadratic_gradient(x, A, b):
    return A.dot(x) - b


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
    return plt.figure()
