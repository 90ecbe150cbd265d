# fails: quadratic_example, steps_to_reach_example, steps_to_reach_may_fail, plot_shows_both_paths, plot_names_the_paths, plot_shows_contours, plot_marks_start_and_minimiser, plot_shows_both_curves, plot_has_a_logarithmic_axis, quadratic, steps_to_reach, steps_to_reach_exactly
# -*- coding: utf-8 -*-
"""Tarea: AdaGrad contra la bajada de gradiente."""

import matplotlib.pyplot as plt
import numpy as np


def quadratic(x, A, b):
    print(np.inner(x, 0.5 * np.matmul(A, x) - b))


def quadratic_gradient(x, A, b):
    return np.subtract(np.matmul(A, x), b)


def gradient_descent(A, b, x0, step_size, steps):
    camino = np.full((steps + 1, x0.shape[0]), np.nan)
    camino[0, :] = x0
    for paso, x in enumerate(camino[:-1]):
        camino[paso + 1] = x - step_size * quadratic_gradient(x, A, b)
    return camino


def adagrad(A, b, x0, step_size, steps, eps):
    camino = np.full((steps + 1, x0.shape[0]), np.nan)
    camino[0, :] = x0
    suma = np.zeros(x0.shape)
    for paso, x in enumerate(camino[:-1]):
        grad = quadratic_gradient(x, A, b)
        suma += np.power(grad, 2)
        camino[paso + 1] = x - np.divide(step_size, np.sqrt(suma + eps)) * grad
    return camino


def diferencia(path, A, b):
    minimo = quadratic(np.linalg.solve(A, b), A, b)
    return np.apply_along_axis(quadratic, 1, path, A, b) - minimo


def steps_to_reach(path, A, b, gap):
    for k, d in enumerate(diferencia(path, A, b)):
        if d <= gap:
            return k
    else:
        return -1


def plot_comparison(A, b, gd_path, adagrad_path):
    fig, (izq, der) = plt.subplots(1, 2, constrained_layout=True)
    X, Y = np.meshgrid(np.linspace(-2, 2, 70), np.linspace(-2, 2, 70))
    P = np.column_stack((X.ravel(), Y.ravel()))
    cs = izq.contour(X, Y, diferencia(P, A, b).reshape(X.shape), levels=[0.1, 0.5, 1, 2, 5, 10])
    izq.clabel(cs)
    izq.plot(gd_path[:, 0], gd_path[:, 1], "-x", label="Bajada del gradiente")
    izq.plot(adagrad_path[:, 0], adagrad_path[:, 1], "-+", label="AdaGrad")
    izq.plot(*gd_path[0], "o", color="black", label="Inicio")
    izq.plot(*np.linalg.solve(A, b), "*", color="black", markersize=14, label="Mínimo")
    izq.legend(fontsize=6)
    der.plot(diferencia(gd_path, A, b), label="Bajada del gradiente")
    der.plot(diferencia(adagrad_path, A, b), label="AdaGrad")
    der.set(xlabel="iteración $k$", ylabel=r"$f(x_k) - \min f$", yscale="log")
    der.legend()
    return fig
