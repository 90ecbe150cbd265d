# -*- coding: utf-8 -*-
"""Домашняя работа: AdaGrad и градиентный спуск."""

import matplotlib.pyplot as plt
import numpy as np


def quadratic(x, A, b):
    """Квадратичная функция."""
    return np.inner(x, 0.5 * np.matmul(A, x) - b)


def quadratic_gradient(x, A, b):
    return np.subtract(np.matmul(A, x), b)


def gradient_descent(A, b, x0, step_size, steps):
    put = np.full((steps + 1, x0.shape[0]), np.nan)
    put[0, :] = x0
    for paso, x in enumerate(put[:-1]):
        put[paso + 1] = x - step_size * quadratic_gradient(x, A, b)
    return put


def adagrad(A, b, x0, step_size, steps, eps):
    put = np.full((steps + 1, x0.shape[0]), np.nan)
    put[0, :] = x0
    suma = np.zeros(x0.shape)
    for paso, x in enumerate(put[:-1]):
        grad = quadratic_gradient(x, A, b)
        suma += np.power(grad, 2)
        put[paso + 1] = x - np.divide(step_size, np.sqrt(suma + eps)) * grad
    return put


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
    fig, (left, right) = plt.subplots(1, 2, constrained_layout=True)
    X, Y = np.meshgrid(np.linspace(-2, 2, 70), np.linspace(-2, 2, 70))
    P = np.column_stack((X.ravel(), Y.ravel()))
    cs = left.contour(X, Y, diferencia(P, A, b).reshape(X.shape), levels=[0.1, 0.5, 1, 2, 5, 10])
    left.clabel(cs)
    left.plot(gd_path[:, 0], gd_path[:, 1], "-x", label="Градиентный спуск")
    left.plot(adagrad_path[:, 0], adagrad_path[:, 1], "-+", label="Адаград")
    left.plot(*gd_path[0], "o", color="black", label="начало")
    left.plot(*np.linalg.solve(A, b), "*", color="black", markersize=14, label="минимум")
    left.legend(fontsize=6)
    right.plot(diferencia(gd_path, A, b), label="Градиентный спуск")
    right.plot(diferencia(adagrad_path, A, b), label="Адаград")
    right.set(xlabel="шаг $k$", ylabel=r"$f(x_k) - \min f$", yscale="log")
    right.legend()
    return fig
