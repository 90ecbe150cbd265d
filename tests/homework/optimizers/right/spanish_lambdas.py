# -*- coding: latin-1 -*-
# Práctica de optimizadores, con funciones anónimas y acumulación.
from itertools import accumulate

import matplotlib.pyplot as plt
import numpy as np


def camino(x0, pasos, estado, avance):
    "Aplica avance(k, x, estado) -> (x, estado)."
    serie = accumulate(range(pasos), lambda xs, k: avance(k, *xs), initial=(x0, estado))
    return np.array([x for x, _ in serie])


def heavy_ball(A, b, x0, step_size, beta, steps):
    def avance(k, x, v):
        v = beta * v + (A @ x - b)
        return x - step_size * v, v

    return camino(x0, steps, 0.0, avance)


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    def avance(k, x, v):
        g = A @ x - b
        v = (1 - beta) * g**2 + beta * v
        return x - step_size * g / np.sqrt(eps + v), v

    return camino(x0, steps, 0.0, avance)


def _adam(A, b, x0, paso, b1, b2, eps, pasos, corrige):
    def avance(k, x, mv):
        g = A @ x - b
        m, v = b1 * mv[0] + (1 - b1) * g, b2 * mv[1] + (1 - b2) * g**2
        c1, c2 = (1 - b1 ** (k + 1), 1 - b2 ** (k + 1)) if corrige else (1, 1)
        return x - paso * m / c1 / np.sqrt(v / c2 + eps), (m, v)

    return camino(x0, pasos, (0.0, 0.0), avance)


adam = lambda *a: _adam(*a, True)
adam_uncorrected = lambda *a: _adam(*a, False)


def full_adagrad(A, b, x0, step_size, steps, eps):
    def avance(k, x, G):
        g = A @ x - b
        G = G + np.outer(g, g)
        w, V = np.linalg.eigh(G)
        return x - step_size * V @ ((V.T @ g) / np.sqrt(w + eps)), G

    return camino(x0, steps, np.zeros((len(b), len(b))), avance)


def projected_descent(A, b, x0, step_size, steps, radius):
    bola = lambda z: z if z @ z <= radius**2 else radius * z / np.linalg.norm(z)
    return camino(x0, steps, None, lambda k, x, _: (bola(x - step_size * (A @ x - b)), None))


rosenbrock = lambda x: float(np.square(1 - x[0]) + 100 * np.square(x[1] - x[0] ** 2))
rosenbrock_gradient = lambda x: np.array(
    [400 * x[0] ** 3 - 400 * x[0] * x[1] + 2 * x[0] - 2, 200 * (x[1] - x[0] ** 2)]
)
rosenbrock_hessian = lambda x: np.array(
    [[1200 * x[0] ** 2 - 400 * x[1] + 2, -400 * x[0]], [-400 * x[0], 200]]
)
newton = lambda x0, steps: camino(
    x0,
    steps,
    None,
    lambda k, x, _: (x - np.linalg.inv(rosenbrock_hessian(x)).dot(rosenbrock_gradient(x)), None),
)
decayed_step = lambda w, g, step_size, lam: w - step_size * (lam * w + g)


def plot_race(A, b, paths):
    figura = plt.figure(figsize=(10, 4))
    plano, curvas = figura.add_axes([0.07, 0.1, 0.4, 0.8]), figura.add_axes([0.56, 0.1, 0.4, 0.8])
    mejor = np.linalg.solve(A, b)
    X, Y = np.meshgrid(np.linspace(-2.5, 1.5, 80), np.linspace(-1.5, 1.0, 80))
    Z = (A[0, 0] * X**2 + A[1, 1] * Y**2) / 2 + A[0, 1] * X * Y - b[0] * X - b[1] * Y
    plano.contour(X, Y, Z, np.linspace(Z.min(), Z.max(), 30), colors="k", alpha=0.2)
    for color, (nombre, puntos) in zip("rgbcm", paths.items()):
        plano.plot(puntos[:, 0], puntos[:, 1], color + "-o", ms=2, label="Método " + nombre)
        d = puntos - mejor
        curvas.plot(((d @ A) * d).sum(1) / 2, color + ".", label="Método " + nombre)
    plano.plot(*puntos[0], "k>", ms=9, label="inicio")
    plano.plot(*mejor, "k<", ms=9, label="mínimo")
    curvas.set_yscale("log")
    curvas.set_xlabel("iteración")
    for eje in (plano, curvas):
        eje.legend()
    return figura
